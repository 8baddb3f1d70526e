"""Which findings are news: a problem is told when it begins and when it has ended, whatever happens in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

MAX_OPEN = 200
"""Problems remembered at once; beyond it the oldest are forgotten, so that state is bounded."""

MAX_PARTS = 100
"""Parts (partitions) of a problem remembered; a problem is mended when all of them are."""

MAX_MESSAGES = 10
"""Problems told one by one in one go; further ones share a message."""


@dataclass(frozen=True)
class Finding:
    """What was seen of a thing that can fail.

    Args:
        key: names the thing, such as a step or a check.
        part: the part of it that was seen, such as a partition; empty where it has none.
        failed: whether it failed.
        title: what failed, in a few words.
        text: the reason, and how to look at it.

    """

    key: str
    part: str
    failed: bool
    title: str
    text: str = ""


class Problem(msgspec.Struct, frozen=True):
    """A problem that was told and is not mended."""

    title: str
    parts: list[str]


class Message(msgspec.Struct, frozen=True):
    """What is told."""

    title: str
    text: str


Problems = dict[str, Problem]


def news(known: Problems, findings: Iterable[Finding]) -> tuple[Problems, list[Message]]:
    """The problems that are open after some findings, and what is to be told of them.

    Args:
        known: open problems by key; all of them were told.
        findings: what was seen since, oldest first.

    Returns:
        Open problems by key, and a message for each problem that began or ended. One that began and ended within
        the findings is not told.

    """
    now_open = dict(known)
    latest: dict[str, Finding] = {}
    for finding in findings:
        if finding.failed:
            latest[finding.key] = finding
            now_open[finding.key] = _with_part(now_open.get(finding.key), finding)
        elif finding.key in now_open:
            _mend(now_open, finding)
    began = [Message(latest[key].title, latest[key].text) for key in now_open if key not in known]
    ended = [Message(f"Mended: {known[key].title}", "It works again.") for key in known if key not in now_open]
    kept = dict(list(now_open.items())[-MAX_OPEN:])
    return kept, _bounded(began) + _bounded(ended)


def _with_part(problem: Problem | None, finding: Finding) -> Problem:
    parts = problem.parts if problem else []
    if finding.part not in parts and len(parts) < MAX_PARTS:
        parts = [*parts, finding.part]
    return Problem(problem.title if problem else finding.title, parts)


def _mend(problems: Problems, finding: Finding) -> None:
    problem = problems[finding.key]
    parts = [part for part in problem.parts if part != finding.part]
    if parts:
        problems[finding.key] = Problem(problem.title, parts)
    else:
        del problems[finding.key]


def _bounded(messages: Sequence[Message]) -> list[Message]:
    """At most `MAX_MESSAGES` messages; those beyond it become one list of titles."""
    if len(messages) <= MAX_MESSAGES:
        return list(messages)
    told, rest = messages[: MAX_MESSAGES - 1], messages[MAX_MESSAGES - 1 :]
    return [*told, Message(f"{len(rest)} more: {rest[0].title}, ...", "\n".join(message.title for message in rest))]
