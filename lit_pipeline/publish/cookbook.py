"""Keeps the answers in the query cookbook true: runs each query and puts its answer under it."""

import re
from collections.abc import Callable

QUESTION = re.compile(r"(^```sql\n(.*?)^```\n\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
"""A fenced query, and the fenced text that follows it."""


def with_answers(page: str, answer: Callable[[str], str]) -> str:
    """The page with the answer of each query in place of the text under it."""

    def answered(block: re.Match[str]) -> str:
        lines = (line.rstrip() for line in answer(block[2]).strip("\n").split("\n"))
        text = "\n".join(lines)
        return f"{block[1]}{text}\n{block[4]}"

    return QUESTION.sub(answered, page)
