"""Cuts texts into words whose places are kept.

What belongs here: word boundaries, and nothing that a word means. A word is a run of letters and digits with inner hyphens, points
and underscores ('GPT-4o', 'Qwen2.5-7B-Instruct', 'dots.tts'), slashes before digits ('ViT-B/16') and pluses or a star at its
end, less an ending that only relates it ('BERT-based' is 'BERT'); any other mark is a word of its own. White space is none.
"""

import numpy as np
import polars as pl

PIECE = (
    r"[\p{L}\p{N}\p{M}]+(?:[-‐‑_.][\p{L}\p{N}\p{M}]+|/\p{N}+[BMK]?)*(?:\+\+|[+*])?\s*"
    r"|[^\p{L}\p{N}\p{M}]\s*"
)
"""Every character belongs to exactly one match, so that offsets are running sums of lengths."""

RELATING = (
    "based|style|styled|like|family|level|class|scale|scaled|aware|guided|driven|free|powered|enhanced|augmented|generated|trained|"
    "tuned|finetuned|inspired|specific|assisted|enabled|equipped|aligned|compatible|centric|derived|backed|native|only|type|"
    "initialized|initialised|pretrained|distilled|optimized|optimised|quality|equivalent|agnostic|oriented|supervised|"
    "focused|related|integrated|conditioned|adapted|dependent|independent|judged|evaluated|augmentation|training|series|"
    "to|as|and|or|in|vs|versus|the|with|for|of|bound|wide|ready|annotated|labeled|labelled|verified|translated|encoded|"
    "form|induced|constrained|informed|controlled|embedded|accelerated|leading|models|model|dataset|benchmark"
)
"""Endings after a hyphen that relate a name to something else and are no part of it."""

CUT = "\x1f"
"""Stands between the parts of a piece while it is cut; the unit separator, which repaired text never holds."""

CUTS = (
    (rf"([-‐‑](?i:{RELATING})(?:[-‐‑]|$))", f"{CUT}$1"),
    (r"\.([\p{L}\p{M}])", f".$1"),
)


def words_of(fields: pl.DataFrame) -> pl.DataFrame:
    """Words of each text, in order.

    Args:
        fields: row, text.

    Returns:
        row, word, start, end (code points).

    """
    pieces = (
        fields.lazy()
        .select(pl.col("row").cast(pl.Int64), pl.col("text").str.extract_all(PIECE).alias("piece"))
        .explode("piece", empty_as_null=False)
        .with_columns(length=pl.col("piece").str.len_chars().cast(pl.Int64))
        .with_columns(start=pl.col("length").cum_sum() - pl.col("length"))
        .with_columns(start=pl.col("start") - pl.col("start").first().over("row"))
        .with_columns(word=pl.col("piece").str.strip_chars_end())
        .select("row", "word", "start", end=pl.col("start") + pl.col("word").str.len_chars().cast(pl.Int64))
    )
    return pieces.collect()
