"""Writes a file in the shape of arXiv's metadata snapshot, of any size, seeded, in our own words.

Run it to measure the reader's memory and speed:

    python tests/ingest/generate_snapshot.py big.jsonl 1000000000
"""

import random
import sys
from pathlib import Path

import orjson

SEED = 20_260
WORD_LIST = """
adaptive alignment attention bounded calibrated compact contrastive data decoding dense deep distilled efficient
embedding evaluation expert fast features frozen graph grounded hidden image inference kernel language latent layer
learning length linear local long loss memory mixture model network noisy open planning policy prompt quantised
ranking reasoning recurrent retrieval robust routing sampling scale search shallow small sparse speech stable
supervised token tool training transformer tuned vision wide
"""
WORDS = WORD_LIST.split()
CATEGORIES = ("cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML", "cs.RO", "eess.AS")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
IDS_A_MONTH = 30_000
ABSTRACT_WORDS = (90, 220)


def snapshot_line(number: int, rng: random.Random) -> bytes:
    """The line of one paper, ending in a line feed."""
    month, index = divmod(number, IDS_A_MONTH)
    year, month = 2007 + month // 12, month % 12 + 1
    names = [[rng.choice(WORDS).title(), rng.choice(WORDS)[0].upper() + ".", ""] for _ in range(rng.randint(1, 9))]
    created = f"{rng.choice(DAYS)}, {rng.randint(1, 28)} {MONTHS[month - 1]} {year} 12:00:00 GMT"
    paper = {
        "id": f"{year % 100:02d}{month:02d}.{index + 1:05d}",
        "submitter": " ".join(reversed(names[0])).strip(),
        "authors": ", ".join(f"{first} {last}" for last, first, _ in names),
        "title": " ".join(rng.choices(WORDS, k=rng.randint(5, 14))).capitalize(),
        "comments": f"{rng.randint(4, 40)} pages",
        "journal-ref": None,
        "doi": None,
        "categories": " ".join(rng.sample(CATEGORIES, rng.randint(1, 3))),
        "license": "http://creativecommons.org/publicdomain/zero/1.0/",
        "abstract": "  " + " ".join(rng.choices(WORDS, k=rng.randint(*ABSTRACT_WORDS))) + ".\n",
        "versions": [{"version": "v1", "created": created}],
        "update_date": f"{year}-{month:02d}-28",
        "authors_parsed": names,
    }
    return orjson.dumps(paper, option=orjson.OPT_APPEND_NEWLINE)


def write_snapshot(path: Path, size_bytes: int) -> int:
    """Write whole lines until a size is reached; the number of papers."""
    rng = random.Random(SEED)  # noqa: S311  (made-up papers, not secrets)
    written = papers = 0
    with path.open("wb") as file:
        while written < size_bytes:
            written += file.write(snapshot_line(papers, rng))
            papers += 1
    return papers


if __name__ == "__main__":
    write_snapshot(Path(sys.argv[1]), int(sys.argv[2]))
