"""Posting: by webhook and by e-mail, again where it did not arrive, and without a word of the addresses."""

import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lit_pipeline.alerts.news import Message
from lit_pipeline.alerts.post import KEPT_SECONDS, MAX_TEXT_CHARS, MAX_WAITING, deliver, is_address, letters
from tests.operator.conftest import Webhook

HOSTILE = Message("papers failed", 'a <script>alert("x")</script> & \x1b[31mred\x1b[0m \u202e')


class Mailbox:
    """Keeps the mails that arrive."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        return "250 OK"


class Mail:
    """A mail server on loopback."""

    def __init__(self) -> None:
        self.box = Mailbox()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=lit@example.org&to=operator@example.org&mode=insecure"


@pytest.fixture
def mail() -> Iterator[Mail]:
    server = Mail()
    yield server
    server.controller.stop()


def test_a_message_arrives_by_webhook(webhook: Webhook) -> None:
    assert deliver(letters([Message("papers failed", "disk full")], 1, 0), [webhook.url], 0) == []
    assert webhook.titles == ["papers failed"]
    assert webhook.received[0]["message"] == "disk full"


def test_a_message_arrives_by_mail(mail: Mail) -> None:
    assert deliver(letters([Message("papers failed", "disk full")], 1, 0), [mail.url], 0) == []
    (received,) = mail.box.mails
    assert received["Subject"] == "lit_pipeline: papers failed"
    assert received["To"] == "operator@example.org"
    body = received.get_body(("plain", "html"))
    assert body is not None
    assert "disk full" in body.get_content()


def test_untrusted_text_is_no_html_in_a_mail(mail: Mail) -> None:
    deliver(letters([HOSTILE], 1, 0), [f"{mail.url}&format=html"], 0)
    html = mail.box.mails[0].get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()


def test_control_characters_are_not_posted(webhook: Webhook) -> None:
    deliver(letters([HOSTILE], 1, 0), [webhook.url], 0)
    assert "\x1b" not in webhook.received[0]["message"]
    assert "\u202e" not in webhook.received[0]["message"]


def test_a_long_text_is_cut(webhook: Webhook) -> None:
    deliver(letters([Message("a", "x" * 10 * MAX_TEXT_CHARS)], 1, 0), [webhook.url], 0)
    assert len(webhook.received[0]["message"]) == MAX_TEXT_CHARS


def test_what_did_not_arrive_is_posted_later_and_only_there(webhook: Webhook, mail: Mail) -> None:
    urls = [webhook.url, mail.url]
    webhook.down = True
    waiting = deliver(letters([Message("a", "b")], 2, 0), urls, 0)
    assert [letter.addresses for letter in waiting] == [[0]]
    webhook.down = False
    assert deliver(waiting, urls, 60) == []
    assert webhook.titles == ["a"]
    assert len(mail.box.mails) == 1


def test_a_server_that_is_down_is_asked_once_a_time(webhook: Webhook) -> None:
    webhook.down = True
    waiting = deliver(letters([Message(str(number), "") for number in range(5)], 1, 0), [webhook.url], 0)
    assert len(waiting) == 5
    webhook.down = False
    deliver(waiting, [webhook.url], 1)
    assert webhook.titles == ["0", "1", "2", "3", "4"]


def test_a_letter_that_never_arrives_is_given_up(webhook: Webhook) -> None:
    webhook.down = True
    waiting = deliver(letters([Message("a", "")], 1, 0), [webhook.url], 0)
    assert deliver(waiting, [webhook.url], KEPT_SECONDS) == []


def test_letters_that_wait_are_bounded(webhook: Webhook) -> None:
    webhook.down = True
    many = letters([Message(str(number), "") for number in range(MAX_WAITING + 7)], 1, 0)
    assert len(deliver(many, [webhook.url], 0)) == MAX_WAITING


def test_an_address_that_was_taken_away_is_forgotten(webhook: Webhook) -> None:
    assert deliver(letters([Message("a", "")], 2, 0), [webhook.url], 0) == []


@pytest.mark.parametrize("url", ["", "nonsense", "foo://x", "mailto://joe:sekret@"])
def test_what_is_no_address_is_told_apart_without_repeating_it(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not is_address(url)
    assert "sekret" not in caplog.text + "".join(capfd.readouterr())


def test_a_failing_post_repeats_no_address(
    webhook: Webhook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    webhook.down = True
    with caplog.at_level(logging.DEBUG):
        waiting = deliver(letters([Message("a", "b")], 1, 0), [webhook.url], 0)
    assert "sekret" not in caplog.text + "".join(capfd.readouterr()) + str(waiting)
