"""How much of a file is read at most. One declaration that the scan and all readers share."""

from dataclasses import dataclass

MEBIBYTE = 1024**2
GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Limits:
    """Bounds on untrusted files.

    Args:
        max_file_bytes: largest file that is read, as stored; arXiv's metadata snapshot has about 5 GB.
        max_record_chars: longest single record, in characters of all its texts.
        max_expanded_bytes: largest size of a compressed file once expanded.
        max_document_bytes: largest file of a format that must be held in memory whole (pages, API answers).
        max_page_lines: most lines of a page saved as text; the longest real ones have some thousand.
    """

    max_file_bytes: int = 8 * GIBIBYTE
    max_record_chars: int = 1_000_000
    max_expanded_bytes: int = 32 * GIBIBYTE
    max_document_bytes: int = 64 * MEBIBYTE
    max_page_lines: int = 200_000
