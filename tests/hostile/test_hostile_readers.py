"""Every reader on input of any kind: made up by Hypothesis, and the sample's files after many small accidents."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hostile_reading import read_checked  # type: ignore[import-not-found,unused-ignore]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lit_pipeline.ingest.registry import READERS, detect

SAMPLE = Path(__file__).resolve().parents[2] / "warehouse" / "raw"
SAMPLES = sorted(path for path in SAMPLE.rglob("*") if path.is_file() and not path.name.endswith(".toml"))
MUTANTS_A_SAMPLE = 40
MUTATED_BYTES = 20_000

settings.load_profile("hostile")

MARKS = ("<b>", "</td>", "\x1b[31m", "\x1b]8;;http://a\x07", "../../etc/passwd", "=cmd|' /C calc'!A0", "\u202e", "\x00")
TEXTS = st.text(max_size=60) | st.sampled_from(
    [*MARKS, "'; drop table papers; --", "\ud800", "{{7*7}}", "${jndi:ldap://a}", "Sep 8 8", "3 authors", "a" * 3000]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
DAYS = st.sampled_from(
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2025-01-02T03:04:05.000Z", "2025-13-45", ""]
)
PAPER_KEYS = ("id", "title", "summary", "publishedAt", "submittedOnDailyAt", "upvotes", "authors", "organization")
ARXIV_KEYS = ("id", "title", "abstract", "categories", "authors", "authors_parsed", "versions", "update_date", "abs")


def objects(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(keys), VALUES | DAYS, max_size=len(keys))


ENTRIES = st.fixed_dictionaries({"paper": objects(PAPER_KEYS)}, optional={"publishedAt": DAYS, "numComments": VALUES})


def as_jsonl(papers: list[Any]) -> bytes:
    first = {"id": "2501.00001", "title": "A title", "categories": "cs.CL"}
    return "".join(json.dumps(paper) + "\n" for paper in [first, *papers]).encode("utf-8", "surrogatepass")


def as_answer(entries: list[Any]) -> bytes:
    return json.dumps([{"paper": {"id": "2501.00001", "title": "A title"}}, *entries]).encode("utf-8", "surrogatepass")


def as_literals(entries: list[Any]) -> bytes:
    return json.dumps([repr(entry) for entry in [{"paper": {"title": "A title"}}, *entries]]).encode()


def as_html(parts: list[str]) -> bytes:
    return ("<!doctype html><html><body>" + "".join(parts)).encode("utf-8", "surrogatepass")


def as_page(lines: list[str]) -> bytes:
    return "\n".join(["Daily Papers", "Subscribe", *lines]).encode("utf-8", "surrogatepass")


def as_feed(parts: list[str]) -> bytes:
    return ('<feed xmlns="http://www.w3.org/2005/Atom">' + "".join(parts)).encode("utf-8", "surrogatepass")


TAGS = st.sampled_from(
    [
        "<article>",
        "</article>",
        "<h3>",
        "</h3>",
        "<a href='/papers/2501.00001'>",
        "</a>",
        "<p>",
        "<div>",
        "</div>",
        "<div class=SVELTE_HYDRATER data-target=DailyPapers data-props='[{&quot;paper&quot;:{&quot;id&quot;:1}}]'>",
        "<a href='/login?next=a'>-1k",
        "<!--",
        "-->",
        "<script>",
        "&#xD800;",
        "<svg>",
        "<table>",
        "3 authors",
        "<b ",
    ]
)
PAGE_LINES = st.sampled_from(
    [
        "A Title",
        "We do a thing. It is done.",
        "Sep 8 8",
        "May 296",
        "3 authors",
        "·",
        "12",
        "1.2k",
        "[",
        "](/papers/a)",
        "[1]",
        "[1] https://arxiv.org/abs/2501.00001",
        "# A Title",
        "- -",
        "Submitted by",
        "SubscribeSubscribe",
        "GitHub 3",
        "[a](https://huggingface.co/papers/date/0001-01-01)",
        "Upvote",
        "captured: 9999-99-99",
        "**a**",
        "👍 ٣",
        "",
    ]
)
FEED_PARTS = st.sampled_from(
    [
        "<entry>",
        "</entry>",
        "<title>A</title>",
        "<id>http://arxiv.org/abs/2501.00001v1</id>",
        "<author>",
        "<name>",
        "<published>0001-01-01T00:00:00+14:00</published>",
        "&lt;",
        "&a;",
        "<![CDATA[",
        "]]>",
        "</feed>",
        "<!-- ",
        "<id>http://arxiv.org/api/errors#a</id>",
        "<category term=''/>",
    ]
)

MADE_UP: dict[str, st.SearchStrategy[bytes]] = {
    "arxiv_jsonl": st.lists(objects(ARXIV_KEYS), max_size=5).map(as_jsonl),
    "daily_papers": st.lists(ENTRIES, max_size=4).map(as_answer) | st.lists(ENTRIES, max_size=3).map(as_literals),
    "listing_html": st.lists(TAGS | TEXTS, max_size=30).map(as_html),
    "listing_page": st.lists(PAGE_LINES | TEXTS, max_size=40).map(as_page),
    "arxiv_atom": st.lists(FEED_PARTS | TEXTS, max_size=30).map(as_feed),
}


def test_every_reader_has_input_made_up_for_it() -> None:
    assert set(MADE_UP) == {reader.name for reader in READERS}


@pytest.mark.parametrize("reader", MADE_UP)
@given(data=st.data())
def test_reader_keeps_its_promises_on_anything_of_its_kind(reader: str, tmp_path: Path, data: st.DataObject) -> None:
    read_checked(tmp_path, data.draw(MADE_UP[reader]))


@given(head=st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"\x1f\x8b")
@example(b"\x28\xb5\x2f\xfd")
def test_any_bytes_are_read_or_rejected(tmp_path: Path, head: bytes) -> None:
    read_checked(tmp_path, head)


def flip(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def cut(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randint(1, 500)]
    return data[:start] + part * chance.randint(2, 20) + data[start:]


def splice(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(SAMPLES).read_bytes()
    start = chance.randrange(len(data))
    return data[:start] + other[chance.randrange(len(other)) :][:5000] + data[start:]


def insert(data: bytes, chance: random.Random) -> bytes:
    odd = chance.choice([*(mark.encode() for mark in MARKS), b"\\ud800", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"["])
    start = chance.randrange(len(data))
    return data[:start] + odd * chance.randint(1, 5) + data[start:]


def recode(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7", "latin-1"]), "replace")


def compress(data: bytes, chance: random.Random) -> bytes:
    packed = gzip.compress(data) if chance.random() < 0.5 else zstandard.compress(data)
    return flip(packed, chance) if chance.random() < 0.5 else cut(packed, chance)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip, cut, repeat, splice, insert, recode, compress)


def mutant(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(MUTATIONS)(data, chance) or b"\n"
    return data


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_sample_after_an_accident_is_read_or_rejected(sample: Path, tmp_path: Path) -> None:
    chance = random.Random(sample.name)  # noqa: S311 - no secret
    data = sample.read_bytes()
    for _ in range(MUTANTS_A_SAMPLE):
        start = chance.choice([0, 0, 0, chance.randrange(len(data))])
        read_checked(tmp_path, mutant(data[start : start + MUTATED_BYTES], chance))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_detection_reads_a_cut_head_without_error(sample: Path) -> None:
    head = sample.read_bytes()[:65_536]
    for end in range(0, len(head), max(len(head) // 50, 1)):
        detect(head[:end])
