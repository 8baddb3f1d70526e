"""What is new in the published database: against an earlier snapshot of it, or by the days its rows carry."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb
import polars as pl

from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import STAMP_FORMAT, list_snapshots
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse

PAPERS = """
    select paper_id, arxiv_id, title, url, upvotes, published_on, featured_on from papers
    order by upvotes desc nulls last, coalesce(featured_on, published_on) desc nulls last, paper_id
"""
ALIASES = "select old_paper_id, paper_id from paper_aliases"
ENTITIES = """
    select e.entity_id, e.type, e.name, e.n_papers, e.first_seen_on, p.title as paper, p.arxiv_id, p.url
    from entities e left join papers p on p.paper_id = e.introduced_by
    where e.type in ('model', 'benchmark')
    order by e.introduced_by is null, e.n_papers desc, e.entity_id
"""
BEST = """
    select l.benchmark_id, l.benchmark, l.metric, l.unit, l.model_id, l.model, l.value, l.higher_is_better,
        l.reported_on, p.title as paper, p.arxiv_id, p.url
    from leaderboard l left join papers p using (paper_id)
    where l.rank = 1
    qualify row_number() over (partition by l.benchmark_id, l.metric, l.unit order by l.model_id) = 1
    order by l.benchmark, l.metric, l.unit
"""
RISING = """
    select entity_id, entity, rank, recent_papers, recent_share, past_share, q_value from trending_models order by rank
"""
BOARD = ["benchmark_id", "metric", "unit"]


@dataclass(frozen=True)
class Digest:
    """What is new since a time.

    Args:
        since: the time, UTC: of the earlier snapshot, or the start of a day where none is kept from before it.
        by_snapshot: whether an earlier snapshot was compared with.
        published_at: time of the current snapshot, UTC.
        papers: new papers, most upvoted first: paper_id, arxiv_id, title, url, upvotes, published_on, featured_on.
        entities: new models and benchmarks, those with an introducing paper first: entity_id, type, name, n_papers,
            first_seen_on, paper, arxiv_id, url (of that paper).
        records: boards with a new best value: benchmark, metric, unit, model, value, value_before (null where the
            board is new or the value before is not known), reported_on, paper, arxiv_id, url.
        rising: models that rise against their own past, best first: entity, recent_papers, recent_share, past_share,
            q_value, is_new (was not among them before; null where that is not known).

    """

    since: datetime
    by_snapshot: bool
    published_at: datetime
    papers: pl.DataFrame
    entities: pl.DataFrame
    records: pl.DataFrame
    rising: pl.DataFrame


def digest(warehouse: Warehouse, since: date | None) -> Digest:
    """What is new in the current snapshot.

    Args:
        warehouse: where snapshots lie.
        since: day from whose start on (UTC) things count as new; None for the last snapshot that was published on an
            earlier day than the current one, or the oldest that is kept.

    Raises:
        duckdb.Error: a snapshot can't be opened, or lacks a table.
        FileNotFoundError: nothing is published.

    """
    current = warehouse.database.resolve(strict=True)
    published_at = _published_at(current.parent) or datetime.now(UTC)
    start = datetime.combine(since or published_at.date(), time.min, tzinfo=UTC)
    before = _last_before(warehouse, start)
    if before is None and since is None:
        before = _oldest_before(warehouse, published_at)
    with connect(current, read_only=True) as now:
        if before is not None:
            with connect(before / DATABASE_NAME, read_only=True) as then:
                return _against(now, then, _published_at(before) or start, published_at)
        day = since or date.fromordinal(published_at.date().toordinal() - 1)
        return _by_days(now, day, published_at)


def _published_at(snapshot: Path) -> datetime | None:
    """Time that names a snapshot; None for a folder of another name."""
    try:
        return datetime.strptime(snapshot.name, STAMP_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _last_before(warehouse: Warehouse, moment: datetime) -> Path | None:
    """The last snapshot published before a moment, where one is kept."""
    earlier = _snapshots_before(warehouse, moment)
    return earlier[-1] if earlier else None


def _oldest_before(warehouse: Warehouse, moment: datetime) -> Path | None:
    earlier = _snapshots_before(warehouse, moment)
    return earlier[0] if earlier else None


def _snapshots_before(warehouse: Warehouse, moment: datetime) -> list[Path]:
    """Snapshots published before a moment, oldest first."""
    return [
        snapshot
        for snapshot in list_snapshots(warehouse)
        if (at := _published_at(snapshot)) is not None and at < moment
    ]


def _against(
    now: duckdb.DuckDBPyConnection, then: duckdb.DuckDBPyConnection, since: datetime, published_at: datetime
) -> Digest:
    known_ids = then.sql("select paper_id from papers").pl()
    renamed = now.sql(ALIASES).pl().join(known_ids, left_on="old_paper_id", right_on="paper_id", how="semi")
    known = pl.concat([known_ids, renamed.select("paper_id")])
    rising_then = then.sql(RISING).pl()
    return Digest(
        since=since,
        by_snapshot=True,
        published_at=published_at,
        papers=now.sql(PAPERS).pl().join(known, on="paper_id", how="anti", maintain_order="left"),
        entities=now.sql(ENTITIES)
        .pl()
        .join(then.sql(ENTITIES).pl(), on="entity_id", how="anti", maintain_order="left"),
        records=_records(now.sql(BEST).pl(), then.sql(BEST).pl()),
        rising=now.sql(RISING).pl().with_columns(is_new=~pl.col("entity_id").is_in(rising_then["entity_id"].implode())),
    )


def _records(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """Boards whose best value beats the one before, and new boards."""
    before = then.select(*BOARD, value_before=pl.col("value"))
    both = now.join(before, on=BOARD, how="left", maintain_order="left", nulls_equal=True)
    sign = pl.when("higher_is_better").then(1.0).otherwise(-1.0)
    beaten = sign * pl.col("value") > sign * pl.col("value_before")
    return both.filter(pl.col("value_before").is_null() | beaten).sort(
        pl.col("value_before").is_null(), maintain_order=True
    )


def _by_days(now: duckdb.DuckDBPyConnection, since: date, published_at: datetime) -> Digest:
    featured = pl.coalesce("featured_on", "published_on")
    return Digest(
        since=datetime.combine(since, time.min, tzinfo=UTC),
        by_snapshot=False,
        published_at=published_at,
        papers=now.sql(PAPERS).pl().filter(featured >= since),
        entities=now.sql(ENTITIES).pl().filter(pl.col("first_seen_on") >= since),
        records=now.sql(BEST)
        .pl()
        .filter(pl.col("reported_on") >= since)
        .with_columns(value_before=pl.lit(None, dtype=pl.Float64)),
        rising=now.sql(RISING).pl().with_columns(is_new=pl.lit(None, dtype=pl.Boolean)),
    )
