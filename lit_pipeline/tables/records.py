"""Tables of the record level: what was read from files, and what was not taken."""

import dataframely as dy


class RawFiles(dy.Schema):
    """One row a raw file that was read: what it is, and how many records it gave."""

    source_file = dy.String(primary_key=True, description="Path relative to the landing zone, with forward slashes.")
    source_sha256 = dy.String(description="SHA-256 of the bytes as stored, in hexadecimal.")
    source_format = dy.String(description="Name of the reader that recognised the content.")
    reader_version = dy.Int64(description="Version of that reader; a new version reads the file again.")
    size_bytes = dy.Int64(description="Size as stored, in bytes.")
    modified_on = dy.Date(description="Day of the file's modification time, UTC.")
    n_records = dy.Int64(description="Records read, taken or rejected.")


class RawRecords(dy.Schema):
    """One row a record read from a raw file, with its text untouched and its place in the file."""

    record_id = dy.String(
        primary_key=True,
        description="First 16 hexadecimal digits of the file's SHA-256, a colon, the position.",
    )
    source_file = dy.String(description="Path relative to the landing zone, with forward slashes.")
    source_sha256 = dy.String(description="SHA-256 of the bytes as stored, in hexadecimal.")
    source_format = dy.String(description="Name of the reader that recognised the content.")
    position = dy.Int64(description="Number of the record in the file, from 0.")
    line_start = dy.Int64(nullable=True, description="First line of the record in the file, from 1.")
    line_end = dy.Int64(nullable=True, description="Last line of the record in the file, from 1, inclusive.")
    raw_title = dy.String(nullable=True, description="Title as found.")
    raw_abstract = dy.String(nullable=True, description="Abstract as found.")
    raw_arxiv_id = dy.String(nullable=True, description="arXiv identifier as found, version included.")
    authors = dy.List(dy.String(), nullable=True, description="Author names in the order given.")
    n_authors = dy.Int64(nullable=True, description="Number of authors, also where the names are not given.")
    printed_date = dy.String(
        nullable=True,
        description="Date as a listing page prints it, without the comment count: 'Sep 13, 2024', 'Jul 1'.",
    )
    page_date = dy.String(nullable=True, description="Day that the heading of a listing page prints: 'Dec 11'.")
    latest_printed_year = dy.Int64(
        nullable=True,
        description="Latest year printed anywhere on the listing page; the same in all its records.",
    )
    captured_on = dy.Date(
        nullable=True, description="Day of the capture, where a setting, a sidecar or the content gives one."
    )
    file_modified_on = dy.Date(description="Day of the file's modification time, UTC.")
    published_on = dy.Date(
        nullable=True, description="Day the paper was published, where the source gives a full date."
    )
    featured_on = dy.Date(
        nullable=True, description="Day the paper was featured on the listing, where the source gives one."
    )
    upvotes = dy.Int64(nullable=True, description="Upvotes at the time of the capture.")
    n_comments = dy.Int64(nullable=True, description="Comments at the time of the capture.")
    github_stars = dy.Int64(nullable=True, description="Stars of the code repository at the time of the capture.")
    organisation = dy.String(nullable=True, description="Organisation shown with the paper.")
    categories = dy.List(dy.String(), nullable=True, description="arXiv categories, primary first.")
    url = dy.String(nullable=True, description="Address of the paper.")
    code_url = dy.String(nullable=True, description="Address of the code.")
    ai_summary = dy.String(nullable=True, description="Machine-written summary; never used as the abstract.")


class CleanRecords(dy.Schema):
    """One row a record with repaired text and resolved dates."""

    record_id = dy.String(primary_key=True, description="The record, as in `raw_records`.")
    source_sha256 = dy.String(description="SHA-256 of the file's bytes as stored, in hexadecimal.")
    title = dy.String(min_length=1, description="Repaired title.")
    abstract = dy.String(nullable=True, description="Repaired abstract; null where there is none.")
    repairs = dy.List(dy.String(), description="Names of the repairs that changed title or abstract, in order.")
    arxiv_id = dy.String(nullable=True, description="arXiv identifier without version: '2501.04519', 'hep-th/9901001'.")
    authors = dy.List(dy.String(), nullable=True, description="Repaired author names in the order given.")
    n_authors = dy.Int64(nullable=True, description="Number of authors.")
    published_on = dy.Date(nullable=True, description="Day the paper was published.")
    published_on_inferred = dy.Bool(
        description="Whether a part of `published_on` was inferred (the year of a yearless date)."
    )
    featured_on = dy.Date(nullable=True, description="Day the paper was featured on the listing.")
    observed_on = dy.Date(nullable=True, description="Day the upvotes, comments and stars were observed.")
    upvotes = dy.Int64(nullable=True, min=0, description="Upvotes on `observed_on`.")
    n_comments = dy.Int64(nullable=True, min=0, description="Comments on `observed_on`.")
    github_stars = dy.Int64(nullable=True, min=0, description="Stars of the code repository on `observed_on`.")
    organisation = dy.String(nullable=True, description="Organisation shown with the paper.")
    categories = dy.List(dy.String(), nullable=True, description="arXiv categories, primary first.")
    url = dy.String(nullable=True, description="Address of the paper; http or https only.")
    code_url = dy.String(nullable=True, description="Address of the code; http or https only.")
    ai_summary = dy.String(nullable=True, description="Machine-written summary; never used as the abstract.")


class RejectedFiles(dy.Schema):
    """One row a file that was not read, or not to its end, with the reason and the place."""

    source_file = dy.String(primary_key=True, description="Path relative to the landing zone, with forward slashes.")
    source_sha256 = dy.String(nullable=True, description="SHA-256 of the bytes, where they could be read.")
    size_bytes = dy.Int64(nullable=True, description="Size as stored, in bytes.")
    reason = dy.String(description="Short code of the reason, such as 'empty' or 'unknown_format'.")
    place = dy.String(nullable=True, description="Place in the file that shows the reason: 'line 12', 'byte 4096'.")
    detail = dy.String(description="The reason in one sentence.")


class RejectedRecords(dy.Schema):
    """One row a record that was read but not taken, with the reason and the place."""

    record_id = dy.String(primary_key=True, description="The record, numbered as in `raw_records`.")
    source_file = dy.String(description="Path relative to the landing zone, with forward slashes.")
    source_sha256 = dy.String(description="SHA-256 of the file's bytes, in hexadecimal.")
    source_format = dy.String(description="Name of the reader that recognised the content.")
    position = dy.Int64(description="Number of the record in the file, from 0, counting rejected ones.")
    line_start = dy.Int64(nullable=True, description="First line of the record in the file, from 1.")
    line_end = dy.Int64(nullable=True, description="Last line of the record in the file, from 1, inclusive.")
    stage = dy.String(description="Stage that rejected it: 'ingest' or 'cleaning'.")
    reason = dy.String(description="Short code of the reason, such as 'missing_title'.")
    detail = dy.String(description="The reason in one sentence.")
    excerpt = dy.String(nullable=True, description="Start of the raw text, at most 200 characters.")
