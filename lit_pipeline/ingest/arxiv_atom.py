"""Reader of answers of arXiv's API: Atom XML, one `entry` a paper.

Entities, document type declarations, network access and huge trees are off: a file that declares a document type is
rejected whole, since the API never sends one and bombs need one.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import cast

from lxml import etree

from lit_pipeline.ingest.api_papers import moment_in
from lit_pipeline.ingest.arxiv_jsonl import PAPER_ADDRESS
from lit_pipeline.ingest.content import Content
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.records import FileRejected, FoundRecord, RecordFault

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
FEED = re.compile(rb"<(?:\w+:)?feed\b[^<>]{0,2000}http://www\.w3\.org/2005/Atom")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
ENCODING = re.compile(rb"<\?xml\s[^<>?]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']")
READ_AS = {"utf-8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-1": "iso-8859-1"}
"""Encodings that a feed may declare, in which a declaration looks as in ASCII; any other feed is read as UTF-8."""
PAPER_ID = re.compile(r"(?:https?://)?(?:[a-z]{1,20}\.)?arxiv\.org/abs/(\S+?)/?")
ERROR_ADDRESS = "/api/errors"


class ArxivAtomReader:
    """Reads papers from an Atom feed of arXiv's API."""

    name = "arxiv_atom"
    version = 1

    def recognises(self, head: bytes) -> bool:
        """Whether the text is XML whose root is an Atom feed."""
        return FEED.search(head) is not None and b"<html" not in head[:1000].lower()

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:  # noqa: ARG002
        """Entries in order; where the XML breaks, one fault with the line.

        Raises:
            FileRejected: 'forbidden_declaration', when a document type or an entity is declared.
        """
        whole = content.read_whole()
        declared = DECLARATION.search(whole.data)
        if declared:
            line = whole.data.count(b"\n", 0, declared.start()) + 1
            raise FileRejected("forbidden_declaration", f"line {line}", "the XML declares a document type or an entity")
        try:
            for _, entry in etree.iterparse(
                BytesIO(whole.data),
                events=("end",),
                tag=f"{ATOM}entry",
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                encoding=_encoding(whole.data),
            ):
                yield _record(entry)
                entry.clear()
        except etree.XMLSyntaxError as error:
            if whole.fault is not None:
                yield RecordFault(whole.fault.reason, whole.fault.detail, error.lineno, error.lineno)
            else:
                yield RecordFault("broken_xml", f"the XML breaks here: {error.msg}", error.lineno, error.lineno)


def _encoding(data: bytes) -> str:
    """Encoding to read a feed in, whatever it declares: in UTF-7 a document type would hide from `DECLARATION`."""
    declared = ENCODING.match(data)
    return READ_AS.get(declared[1].decode().lower(), "utf-8") if declared else "utf-8"


def _record(entry: etree._Element) -> FoundRecord | RecordFault:
    first: int = cast("int", entry.sourceline)
    last = first + etree.tostring(entry, with_tail=False).count(b"\n")
    address = _text(entry, "id") or ""
    if ERROR_ADDRESS in address:
        return RecordFault("api_error", f"the API answered with an error: {_text(entry, 'summary')}", first, last)
    match = PAPER_ID.fullmatch(address)
    authors = [name for author in entry.iterfind(f"{ATOM}author") if (name := _text(author, "name"))]
    return FoundRecord(
        line_start=first,
        line_end=last,
        raw_title=_text(entry, "title"),
        raw_abstract=_text(entry, "summary"),
        raw_arxiv_id=match[1] if match else None,
        authors=authors or None,
        n_authors=len(authors) or None,
        published_on=_published_on(entry),
        categories=_categories(entry) or None,
        url=f"{PAPER_ADDRESS}{match[1]}" if match else None,
    )


def _text(element: etree._Element, name: str) -> str | None:
    text = element.findtext(f"{ATOM}{name}")
    return text.strip() or None if text else None


def _published_on(entry: etree._Element) -> date | None:
    moment = moment_in({"published": _text(entry, "published")}, "published")
    return None if moment is None else moment.date()


def _categories(entry: etree._Element) -> list[str]:
    """Categories, the primary one first."""
    primary = [element.get("term") for element in entry.iterfind(f"{ARXIV}primary_category")]
    named = [element.get("term") for element in entry.iterfind(f"{ATOM}category")]
    return list(dict.fromkeys(term for term in [*primary, *named] if term))
