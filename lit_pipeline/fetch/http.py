"""One polite GET: bounded in time, size and rate, tried again where that can help, as the server asks for.

Waiting follows exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS, 2015), and
`Retry-After` (RFC 9110, section 10.2.3) where the server sends one.
"""

import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import tenacity

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
USER_AGENT = "lit_pipeline (fetches one day of papers at a time)"


class FetchError(RuntimeError):
    """A fetch gave nothing; the message is one clear line."""


class _PassingError(FetchError):
    """A fetch failed in a way that may pass."""

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class FetchPolicy:
    """How hard and how fast to try.

    Args:
        timeout_seconds: longest wait for a connection and between two pieces of an answer.
        attempts: tries in all.
        backoff_seconds: upper bound of the first wait; doubles with each try.
        max_wait_seconds: longest wait before a try, also where the server asks for more.
        per_second: most requests a second.
        max_bytes: largest answer.

    """

    timeout_seconds: float = 30.0
    attempts: int = 5
    backoff_seconds: float = 1.0
    max_wait_seconds: float = 120.0
    per_second: float = 1.0
    max_bytes: int = 64 * 1024 * 1024


@dataclass
class Fetcher:
    """Sends GET requests under a policy; keeps the rate over all requests it sends.

    Args:
        policy: how hard and how fast to try.
        now: the clock that the rate is kept by, in seconds.
        sleep: waits some seconds on that clock.

    """

    policy: FetchPolicy = field(default_factory=FetchPolicy)
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last_sent: float = field(default=float("-inf"), init=False)

    def get(self, url: str, params: dict[str, str]) -> bytes:
        """Body of the answer.

        Raises:
            FetchError: the server can't be reached, refuses, or goes on failing after all tries.

        """
        backoff = tenacity.wait_random_exponential(
            multiplier=self.policy.backoff_seconds, max=self.policy.max_wait_seconds
        )
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.policy.attempts),
            retry=tenacity.retry_if_exception_type(_PassingError),
            wait=lambda state: self._wait(state, backoff),
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(self._get_once, url, params)

    def _wait(self, state: tenacity.RetryCallState, backoff: tenacity.wait.wait_base) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait_seconds if isinstance(error, _PassingError) else None
        return backoff(state) if asked is None else min(asked, self.policy.max_wait_seconds)

    def _get_once(self, url: str, params: dict[str, str]) -> bytes:
        self._keep_rate()
        try:
            with httpx.stream(
                "GET",
                url,
                params=params,
                timeout=self.policy.timeout_seconds,
                headers={"User-Agent": USER_AGENT},
                follow_redirects=True,
            ) as answer:
                return self._body(answer, url)
        except httpx.TimeoutException as error:
            raise _PassingError(f"{url} did not answer within {self.policy.timeout_seconds:g} seconds") from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise _PassingError(f"{url} can't be reached: {error}") from error
        except httpx.HTTPError as error:
            raise FetchError(f"{url} can't be fetched: {error}") from error
        except httpx.InvalidURL as error:
            raise FetchError(f"{url} is no address: {error}") from error

    def _body(self, answer: httpx.Response, url: str) -> bytes:
        if answer.status_code in RETRIED_STATUSES:
            wait = retry_after_seconds(answer.headers.get("Retry-After"), datetime.now(UTC))
            raise _PassingError(f"{url} answered {answer.status_code} {answer.reason_phrase}", wait)
        if not answer.is_success:
            raise FetchError(f"{url} answered {answer.status_code} {answer.reason_phrase}")
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > self.policy.max_bytes:
                raise FetchError(f"{url} answered more than {self.policy.max_bytes} bytes")
        return bytes(body)

    def _keep_rate(self) -> None:
        due = self._last_sent + 1 / self.policy.per_second
        self.sleep(max(0.0, due - self.now()))
        self._last_sent = self.now()


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks to wait (a number or an HTTP date); None where it asks nothing."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
