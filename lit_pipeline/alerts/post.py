"""Posts messages to addresses (webhooks, e-mail and what else Apprise knows), and keeps those that did not arrive.

Addresses hold passwords and tokens: they are never printed, logged or stored; an address is known by its place.
"""

import logging
import re
from collections.abc import Sequence

import apprise
import msgspec

from lit_pipeline.alerts.news import Message

MAX_WAITING = 50
"""Letters kept for a later try; beyond it the oldest are dropped, so that state is bounded."""

KEPT_SECONDS = 24 * 3600
"""How long a letter that does not arrive is tried."""

MAX_TEXT_CHARS = 2000
"""Longest text that is posted."""

SENDER = "lit_pipeline"

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

logging.getLogger("apprise").disabled = True  # its messages repeat addresses, passwords included


class Letter(msgspec.Struct, frozen=True):
    """A message on its way: the addresses it has not reached, by place, and the time it was written, in seconds."""

    message: Message
    addresses: list[int]
    written_at: float


def is_address(url: str) -> bool:
    """Whether Apprise can post to it, as far as the address itself tells."""
    return apprise.Apprise.instantiate(url) is not None


def letters(messages: Sequence[Message], n_addresses: int, now: float) -> list[Letter]:
    """A letter for each message, to all addresses."""
    return [Letter(message, list(range(n_addresses)), now) for message in messages]


def deliver(waiting: Sequence[Letter], urls: Sequence[str], now: float) -> list[Letter]:
    """Post letters, in order, and return those that did not arrive everywhere.

    An address that fails is left alone until the next call, so that a server that is down costs one wait.
    """
    failed: set[int] = set()
    undelivered = []
    for letter in waiting:
        missing = [place for place in letter.addresses if place < len(urls) and not _post(letter, urls, place, failed)]
        if missing and now - letter.written_at < KEPT_SECONDS:
            undelivered.append(Letter(letter.message, missing, letter.written_at))
    return undelivered[-MAX_WAITING:]


def _post(letter: Letter, urls: Sequence[str], place: int, failed: set[int]) -> bool:
    if place in failed:
        return False
    sender = apprise.Apprise()
    arrived = bool(sender.add(urls[place])) and bool(
        sender.notify(
            title=f"{SENDER}: {_plain(letter.message.title)}",
            body=_plain(letter.message.text) or "-",
            body_format=apprise.NotifyFormat.TEXT,
        )
    )
    if not arrived:
        failed.add(place)
    return arrived


def _plain(text: str) -> str:
    """Text without control characters but line ends, cut to a length that fits a message."""
    return _CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)[:MAX_TEXT_CHARS]
