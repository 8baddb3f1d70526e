"""Which texts are arXiv ids and safe addresses, and which names are names."""

from datetime import date

import polars as pl
import pytest

from lit_pipeline.cleaning.identifiers import arxiv_id, implied_month, web_address
from lit_pipeline.cleaning.names import clean_names, count_names


def identify(found: str) -> str | None:
    identifier: str | None = pl.DataFrame({"found": [found]}).select(arxiv_id(pl.col("found"))).item()
    return identifier


@pytest.mark.parametrize(
    "found",
    [
        "2501.04519",
        "2501.04519v12",
        " arXiv:2501.04519v1 ",
        "https://arxiv.org/abs/2501.04519v2",
        "http://www.arxiv.org/pdf/2501.04519.pdf",
        "https://huggingface.co/papers/2501.04519",
        "oai:arXiv.org:2501.04519",
        "https://doi.org/10.48550/arXiv.2501.04519",
        "https://arxiv.org/abs/2501.04519?context=cs",
    ],
)
def test_the_id_is_found_without_prefix_and_version(found: str) -> None:
    assert identify(found) == "2501.04519"


@pytest.mark.parametrize(
    ("found", "identifier"),
    [("hep-th/9901001v3", "hep-th/9901001"), ("math.GT/0309136", "math/0309136"), ("0704.0001", "0704.0001")],
)
def test_old_forms(found: str, identifier: str) -> None:
    assert identify(found) == identifier


@pytest.mark.parametrize(
    "found",
    ["2513.00001", "1501.0001", "1412.00001", "0703.0001", "see 2501.04519", "hep-th/9913001", "10.1103/abc", "", "v1"],
)
def test_garbage_is_no_id(found: str) -> None:
    assert identify(found) is None


@pytest.mark.parametrize(
    ("identifier", "month"),
    [("2501.04519", date(2025, 1, 1)), ("hep-th/9901001", date(1999, 1, 1)), ("math/0309136", date(2003, 9, 1))],
)
def test_an_id_implies_its_month(identifier: str, month: date) -> None:
    assert pl.DataFrame({"id": [identifier]}).select(implied_month(pl.col("id"))).item() == month


def test_only_web_addresses_survive() -> None:
    found = [
        " https://a.example/b ",
        "HTTP://a.example",
        "javascript:alert(1)",
        "ftp://a.example",
        "//a.example",
        "https://a b",
    ]
    safe = pl.DataFrame({"found": found}).select(web_address(pl.col("found"))).to_series().to_list()
    assert safe == ["https://a.example/b", "HTTP://a.example", None, None, None, None]


def test_an_address_of_absurd_length_is_dropped() -> None:
    assert pl.DataFrame({"found": ["https://" + "a" * 3000]}).select(web_address(pl.col("found"))).item() is None


def test_names_are_repaired_and_empty_ones_dropped() -> None:
    frame = pl.DataFrame({"names": [[" Ada\n Lovelace,", r"C. Bal\'azs", "", "42"], ["  "], None]})
    cleaned = frame.select(clean_names(pl.col("names"))).to_series().to_list()
    assert cleaned == [["Ada Lovelace", "C. Balázs"], None, None]


def test_the_stated_number_of_authors_comes_before_the_counted() -> None:
    frame = pl.DataFrame({"stated": [7, None, None], "names": [["A"], ["A", "B"], None]})
    assert frame.select(count_names(pl.col("stated"), pl.col("names"))).to_series().to_list() == [7, 2, None]
