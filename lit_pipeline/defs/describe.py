"""What the Dagster UI shows of a table: column schema, column lineage, numbers that plot over time."""

from collections.abc import Mapping, Sequence

import dagster as dg
import dataframely as dy

OWNERS = ["team:lit-pipeline"]

SKIPPED_IN_LINEAGE = frozenset({"n_papers", "papers", "mentions"})
"""Columns that share a name with an upstream column without being carried from it."""


def column_schema(table: type[dy.Schema]) -> dg.TableSchema:
    """Dagster's column schema of a declared table."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=name,
                type=str(column.dtype),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.primary_key() == [name]),
            )
            for name, column in table.columns().items()
        ]
    )


def column_lineage(table: type[dy.Schema], upstream: Mapping[str, type[dy.Schema]]) -> dg.TableColumnLineage:
    """Columns that a table carries from the tables it is made of, by name."""
    return dg.TableColumnLineage(
        deps_by_column={
            name: [
                dg.TableColumnDep(asset_key=dg.AssetKey(asset), column_name=name)
                for asset, source in upstream.items()
                if name in source.column_names()
            ]
            for name in table.column_names()
            if name not in SKIPPED_IN_LINEAGE and any(name in source.column_names() for source in upstream.values())
        }
    )


def asset_spec(
    name: str,
    table: type[dy.Schema],
    *,
    group: str,
    kinds: set[str],
    deps: Sequence[str] = (),
    description: str | None = None,
) -> dg.AssetSpec:
    """Spec of an asset that is a declared table."""
    return dg.AssetSpec(
        key=name,
        deps=list(deps),
        group_name=group,
        kinds=kinds,
        owners=OWNERS,
        description=description or (table.__doc__ or "").strip(),
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": name},
    )


def asset_out(name: str, table: type[dy.Schema], *, group: str, kinds: set[str]) -> dg.AssetOut:
    """Out of a multi-asset that is a declared table."""
    return dg.AssetOut.from_spec(asset_spec(name, table, group=group, kinds=kinds), io_manager_key="io_manager")
