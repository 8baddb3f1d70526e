"""Tables of the paper level: what deduplication makes of the records."""

import dataframely as dy


class Papers(dy.Schema):
    """One row a paper, merged from all records of it."""

    paper_id = dy.String(
        primary_key=True,
        description="`arxiv:` and the id where any record carries one, else `title:` and 16 hex digits of its hash.",
    )
    arxiv_id = dy.String(nullable=True, description="arXiv identifier without version.")
    title = dy.String(description="Repaired title; offsets of mentions count its Unicode code points.")
    abstract = dy.String(
        nullable=True, description="Repaired abstract; offsets of mentions count its Unicode code points."
    )
    authors = dy.List(dy.String(), nullable=True, description="Author names: the longest list among the records.")
    n_authors = dy.Int64(nullable=True, description="Number of authors.")
    published_on = dy.Date(
        nullable=True,
        description="Day the paper was published: the earliest stated, else the earliest inferred.",
    )
    published_on_inferred = dy.Bool(description="Whether a part of `published_on` was inferred.")
    featured_on = dy.Date(nullable=True, description="First day the paper was featured on the listing.")
    upvotes = dy.Int64(nullable=True, description="Upvotes, latest observation.")
    n_comments = dy.Int64(nullable=True, description="Comments, latest observation.")
    github_stars = dy.Int64(nullable=True, description="Stars of the code repository, latest observation.")
    organisation = dy.String(nullable=True, description="Organisation shown with the paper, latest observation.")
    categories = dy.List(dy.String(), nullable=True, description="arXiv categories, primary first.")
    url = dy.String(nullable=True, description="Address of the paper.")
    code_url = dy.String(nullable=True, description="Address of the code.")
    ai_summary = dy.String(nullable=True, description="Machine-written summary; never used as the abstract.")
    n_records = dy.Int64(min=1, description="Records merged into this paper.")
    first_source_file = dy.String(description="Alphabetically first of the files its records come from.")


class PaperRecords(dy.Schema):
    """One row a record that belongs to a paper: where it stands in which file, and why it matched."""

    record_id = dy.String(
        primary_key=True,
        description="First 16 hexadecimal digits of the file's SHA-256, a colon, the position.",
    )
    paper_id = dy.String(description="The paper it belongs to.")
    source_file = dy.String(description="Path relative to the landing zone, with forward slashes.")
    source_sha256 = dy.String(description="SHA-256 of the file's bytes as stored, in hexadecimal.")
    source_format = dy.String(description="Name of the reader that recognised the content.")
    position = dy.Int64(description="Number of the record in the file, from 0.")
    line_start = dy.Int64(nullable=True, description="First line of the record in the file, from 1.")
    line_end = dy.Int64(nullable=True, description="Last line of the record in the file, from 1, inclusive.")
    raw_title = dy.String(description="Title as found.")
    raw_abstract = dy.String(nullable=True, description="Abstract as found.")
    matched_by = dy.Enum(
        ["self", "arxiv_id", "title", "near_duplicate"],
        description="Evidence that ties the record to the paper's survivor.",
    )
    similarity = dy.Float64(
        nullable=True, min=0.0, max=1.0, description="Jaccard similarity to the survivor's shingles, 0 to 1."
    )


class PaperAliases(dy.Schema):
    """One row a paper id that is no longer in use, and the paper it now means."""

    old_paper_id = dy.String(primary_key=True, description="Superseded id.")
    paper_id = dy.String(description="The paper it now means.")


class PaperMetrics(dy.Schema):
    """One row a paper and day on which its upvotes, comments or stars were observed."""

    paper_id = dy.String(primary_key=True, description="The paper.")
    observed_on = dy.Date(primary_key=True, description="Day of the observation.")
    upvotes = dy.Int64(nullable=True, description="Upvotes that day.")
    n_comments = dy.Int64(nullable=True, description="Comments that day.")
    github_stars = dy.Int64(nullable=True, description="Stars of the code repository that day.")


class PaperFields(dy.Schema):
    """One row a paper and field that has a value: the record the value was taken from."""

    paper_id = dy.String(primary_key=True, description="The paper.")
    field = dy.String(primary_key=True, description="Column of `papers`.")
    record_id = dy.String(description="The record that gave the value.")
    rule = dy.String(description="Why this record's value was taken.")
