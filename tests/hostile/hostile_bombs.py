"""Files made to cost more than they weigh; run as a script, it reads those of a folder: hostile_bombs.py FOLDER."""

import gzip
import html
import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import zstandard
from hostile_guard import tell  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import GIBIBYTE, MEBIBYTE, Limits
from lit_pipeline.ingest.read import FileRejected, read_file

BIG = MEBIBYTE
PAGE = "Daily Papers\nSubscribe\n"
HTML = "<!doctype html><html><body>"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">'
JSONL = '{"id":"2501.00001","categories":"cs.CL","title":"'


def filled(start: str, part: str, end: str = "", size: int = BIG) -> bytes:
    """A file of about `size` bytes that repeats a part."""
    return (start + part * (size // len(part.encode())) + end).encode()


def many_fonts(n: int = 5_000) -> bytes:
    """Unclosed formatting that each paragraph opens again: a tree of n * n elements."""
    fonts = "".join(f"<font x={number}>" for number in range(n))
    return (HTML + f"<p>{fonts}</p>" + "<p>x</p>" * n).encode()


def missing_marks() -> bytes:
    """Embedded entries whose ids don't stand in the page as they are looked for."""
    entries = ",".join(f'{{"paper":{{"id":"{n}\\u0061","title":"a"}}}}' for n in range(BIG // 60))
    props = html.escape(f"[{entries}]")
    return f'{HTML}<div class=SVELTE_HYDRATER data-target=DailyPapers data-props="{props}">'.encode()


def laughs() -> bytes:
    """Entities that expand to a billion."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]>{FEED}<entry><title>&a9;</title></entry></feed>'.encode()


def packed_zstd(start: str, n_mebibytes: int) -> bytes:
    """A line that expands to so many MiB."""
    packer = zstandard.ZstdCompressor().compressobj()
    parts = [packer.compress(start.encode()), *(packer.compress(b"x" * MEBIBYTE) for _ in range(n_mebibytes))]
    return b"".join([*parts, packer.flush()])


def json_bombs() -> dict[str, bytes]:
    """JSON that nests, breaks or repeats."""
    half = partial(filled, size=BIG // 2)
    return {
        "brackets": ("[" * 100_000).encode(),
        "opened_entries": half("[", '{"paper":{'),
        "entries_in_entries": half("[", '{"paper":{"a":[' + "0," * 200),
        "broken_entries": half("[", '{"paper":{"a":tru},'),
        "entries_in_strings": half('[{"paper":{"a":"', '\\"paper\\":{'),
        "digits": half('[{"paper":{"upvotes":', "1"),
        "literals": half("[", "\"{'paper':{'title':[]}}\","),
        "deep_literal": json.dumps(["{'paper':" + "{'a':" * 100_000]).encode(),
        "long_literal": json.dumps(["{'paper':{'id':1" + "+1" * 400_000 + "}}"]).encode(),
        "deep_line": (JSONL + '","a":' + "[" * 100_000 + "\n").encode(),
        "opened_lines": half(JSONL + '"}\n', "{\n"),
    }


def markup_bombs() -> dict[str, bytes]:
    """HTML and XML that ask for much more than they hold."""
    return {
        "fonts": many_fonts(),
        "divs": filled(HTML, "<div>"),
        "attributes": filled(HTML + "<div ", "a1=1 "),
        "cards_in_cards": filled(HTML, "<article><h3><a href='/papers/2501.00001'>x</a></h3>"),
        "headings": filled(HTML, "<h1><div>"),
        "missing_marks": missing_marks(),
        "laughs": laughs(),
        "elements": filled(FEED, "<a/>", "</feed>"),
        "deep_elements": filled(FEED, "<a>"),
        "long_id": filled(FEED + "<entry><id>", "arxiv.org/abs/", " x</id></entry></feed>"),
    }


def page_bombs() -> dict[str, bytes]:
    """Pages saved as text, of very short lines or a very long one."""
    return {
        "short_lines": filled(PAGE, "a\n"),
        "navigation": filled(PAGE, "Subscribe"),
        "open_brackets": filled(PAGE, "["),
        "open_links": filled(PAGE, "[a]("),
        "blank_line": filled(PAGE, " "),
        "author_and_blanks": filled("Daily Papers\n1 author", " ", "x", size=60_000),
        "lines_in_limits": filled(PAGE, "A\nWe.\n\n", size=300_000),
    }


def packed_bombs() -> dict[str, bytes]:
    """Compressed files that expand a thousandfold and more."""
    return {
        "gzip": gzip.compress(JSONL.encode() + b"x" * (64 * MEBIBYTE), 1),
        "zstd_line": packed_zstd(JSONL, 128),
        "zstd_page": packed_zstd(PAGE, 128),
    }


GROUPS = {"json": json_bombs, "markup": markup_bombs, "pages": page_bombs, "packed": packed_bombs}


def read_all(folder: Path) -> dict[str, dict[str, int]]:
    """For each file of a folder how often each reason came up; 'taken' counts records."""
    limits = Limits()
    found: dict[str, dict[str, int]] = {}
    for row in scan(folder, limits).files.iter_rows(named=True):
        counts: Counter[str] = Counter()
        try:
            for batch in read_file(folder, RawFile.from_row(row), limits):
                counts["taken"] += batch.records.height
                counts.update(batch.rejected["reason"].to_list())
        except FileRejected as rejection:
            counts[rejection.reason] += 1
        found[row["source_file"]] = dict(counts)
    return found


def write_group(folder: Path, group: str) -> None:
    """The files of a group; 'gibibyte' holds two files with a line of 1 GiB, of which the disk holds only the start."""
    if group == "gibibyte":
        for name, start in {"line": JSONL, "page": PAGE}.items():
            with (folder / name).open("wb") as file:
                file.write((start + "x" * 100_000).encode())
                file.truncate(GIBIBYTE)
        return
    for name, data in GROUPS[group]().items():
        (folder / name).write_bytes(data)


def main() -> None:
    """Read a folder."""
    tell(lambda: read_all(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
