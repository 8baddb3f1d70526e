"""What the Dagster UI shows of a table: column schema, column lineage, numbers that plot over time."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import dagster as dg
import dataframely as dy
import polars as pl

OWNERS = ["team:lit-pipeline"]

SKIPPED_IN_LINEAGE = frozenset({"n_papers", "papers", "mentions"})
"""Columns that share a name with an upstream column without being carried from it."""

WARN_SHARE = 0.75
"""Share of the time an asset counts as fresh after which a warning is shown: 27 of 36 hours, a daily run missed."""


MARKUP = re.compile(r"([\\`*_{}\[\]()#+.!|~:/-])")
"""What Markdown may take for markup, addresses included."""


def markdown_text(value: object) -> str:
    """A value from elsewhere as one line of Markdown text: neither markup, nor HTML, nor an address to click on."""
    words = "".join(mark if mark.isprintable() else " " for mark in str(value)).split()
    return MARKUP.sub(r"\\\1", html.escape(" ".join(words), quote=False))


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


def counts_by(frame: pl.DataFrame, column: str, values: Iterable[str]) -> dict[str, int]:
    """Rows that hold each value of a column, as `n_<value>s`: the same keys every run, so that they can be plotted."""
    return {f"n_{value}s": int((frame[column] == value).sum()) for value in values}


def with_freshness(assets: Iterable[dg.AssetsDefinition], fresh_hours: int) -> list[dg.AssetsDefinition]:
    """Assets that count as stale `fresh_hours` after they were last materialised, with a warning before.

    Assets of days are left as they are: a day that was fetched stays fetched.
    """
    policy = dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=fresh_hours), warn_window=timedelta(hours=fresh_hours * WARN_SHARE)
    )

    def fresh(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec if spec.partitions_def else spec.replace_attributes(freshness_policy=policy)

    return list(dg.map_asset_specs(fresh, list(assets)))


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
