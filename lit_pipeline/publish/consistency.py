"""What must hold between tables before they are published; each function returns the rows that break a rule."""

import polars as pl

MAX_DROP = 0.1
"""Share by which a count may fall against the run before."""

WATCHED_COUNTS = ("n_records", "n_papers", "n_models", "n_benchmarks", "n_mentions", "n_results")


def lost_records(raw_files: pl.LazyFrame, paper_records: pl.LazyFrame, rejected_records: pl.LazyFrame) -> pl.LazyFrame:
    """Every record read from a file is a paper's record or a rejected one.

    Returns:
        source_file, n_records (read), n_kept (papers' and rejected records) of the files where the two differ.

    """
    kept = pl.concat([paper_records.select("source_file"), rejected_records.select("source_file")])
    counted = kept.group_by("source_file").agg(pl.len().cast(pl.Int64).alias("n_kept"))
    both = raw_files.select("source_file", "n_records").join(counted, on="source_file", how="full", coalesce=True)
    return both.filter(pl.col("n_records").fill_null(0) != pl.col("n_kept").fill_null(0))


def papers_without_their_records(papers: pl.LazyFrame, paper_records: pl.LazyFrame) -> pl.LazyFrame:
    """Every paper has as many records as it says, one of them its survivor, and every record has a paper.

    Returns:
        paper_id, n_records (stated), n_found, n_survivors of the papers where that does not hold.

    """
    counted = paper_records.group_by("paper_id").agg(
        pl.len().cast(pl.Int64).alias("n_found"),
        (pl.col("matched_by") == "self").sum().cast(pl.Int64).alias("n_survivors"),
    )
    both = papers.select("paper_id", "n_records").join(counted, on="paper_id", how="full", coalesce=True)
    holds = (pl.col("n_records") == pl.col("n_found")) & (pl.col("n_survivors") == 1)
    return both.filter(~holds.fill_null(value=False))


def loose_aliases(paper_aliases: pl.LazyFrame, papers: pl.LazyFrame) -> pl.LazyFrame:
    """Every alias leads to a paper, and no id of a paper is an alias.

    Returns:
        Rows of `paper_aliases` where that does not hold.

    """
    ids = papers.select("paper_id")
    to_nowhere = paper_aliases.join(ids, on="paper_id", how="anti")
    still_in_use = paper_aliases.join(ids, left_on="old_paper_id", right_on="paper_id", how="semi")
    return pl.concat([to_nowhere, still_in_use]).unique()


def wrong_offsets(mentions: pl.LazyFrame, papers: pl.LazyFrame) -> pl.LazyFrame:
    """The text between a mention's offsets is its surface.

    Returns:
        paper_id, field, start, surface, found (the text that stands there) of the mentions where it is not.

    """
    text = pl.when(pl.col("field") == "title").then("title").otherwise("abstract")
    found = text.str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    joined = mentions.join(papers.select("paper_id", "title", "abstract"), on="paper_id", how="left")
    return joined.select("paper_id", "field", "start", "surface", found=found).filter(
        pl.col("surface").ne_missing(pl.col("found"))
    )


def mentions_without_entity(mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Every mention has an entity of its type, and every entity a mention.

    Returns:
        entity_id and type of those without the other.

    """
    named = mentions.select("entity_id", pl.col("type").cast(pl.String)).unique()
    declared = entities.select("entity_id", pl.col("type").cast(pl.String))
    return pl.concat(
        [
            named.join(declared, on=["entity_id", "type"], how="anti"),
            declared.join(named, on=["entity_id", "type"], how="anti"),
        ]
    )


def results_without_text(results: pl.LazyFrame, papers: pl.LazyFrame) -> pl.LazyFrame:
    """The quote of a result stands in its paper's abstract and holds its value.

    Returns:
        paper_id, start, value, quote of the results where it does not.

    """
    joined = results.join(papers.select("paper_id", "abstract"), on="paper_id", how="left")
    value = pl.col("abstract").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    holds = pl.col("abstract").str.contains(pl.col("quote"), literal=True) & pl.col("quote").str.contains(
        value, literal=True
    )
    return joined.filter(~holds.fill_null(value=False)).select("paper_id", "start", "value", "quote")


def results_without_entity(results: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Every model and benchmark that a result names is an entity.

    Returns:
        entity_id of those that are none.

    """
    named = pl.concat([results.select(entity_id="model_id"), results.select(entity_id="benchmark_id")])
    return named.drop_nulls().unique().join(entities.select("entity_id"), on="entity_id", how="anti")


def share_with_date(papers: pl.DataFrame) -> float:
    """Share of papers with a publication day, 0 to 1; 0 where there are no papers."""
    return (len(papers) - papers["published_on"].null_count()) / max(len(papers), 1)


def merged_shares(record_matches: pl.DataFrame, published_records: pl.DataFrame) -> dict[str, float]:
    """Share of records that stand under another one, now and in the published snapshot.

    Args:
        record_matches: record_id, survivor_id of this run.
        published_records: record_id, paper_id of the published `paper_records`.

    Returns:
        share_merged and share_merged_before (0 to 1, of all records then), and share_merged_known and
        share_merged_known_before: the same over the records that stand in both, so that files that came or went make
        no difference. A record counts as merged where it is one more of its paper: 1 - papers / records. Without
        records in both, the shares before are those of now.
    """
    both = record_matches.select("record_id", "survivor_id").join(published_records, on="record_id")
    known, known_before = _share_merged(both["survivor_id"]), _share_merged(both["paper_id"])
    now = _share_merged(record_matches["survivor_id"])
    return {
        "share_merged": now,
        "share_merged_before": now if both.is_empty() else _share_merged(published_records["paper_id"]),
        "share_merged_known": known,
        "share_merged_known_before": known_before,
    }


def _share_merged(papers: pl.Series) -> float:
    """Share of records that are not the first of their paper."""
    return 1 - papers.n_unique() / len(papers) if len(papers) else 0.0


def sudden_drops(pipeline_runs: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Counts of the last run that fell by more than `MAX_DROP` against the run before over the same landing zone.

    Returns:
        By name of the count: its value before and now.

    """
    if pipeline_runs.is_empty():
        return {}
    runs = pipeline_runs.sort("published_at").filter(pl.col("landing_zone") == pl.col("landing_zone").last())
    counts = runs.select(WATCHED_COUNTS).tail(2).to_dicts()
    before, now = counts[0], counts[-1]
    return {
        name: {"before": before[name], "now": now[name]}
        for name in WATCHED_COUNTS
        if now[name] < before[name] * (1 - MAX_DROP)
    }
