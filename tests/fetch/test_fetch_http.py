"""Fetching against a real HTTP server on loopback that serves good, bad and slow answers."""

import json
import time
from datetime import UTC, date, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from lit_pipeline.fetch.arxiv import new_papers
from lit_pipeline.fetch.daily_papers import daily_papers
from lit_pipeline.fetch.days import Target, fetch_day
from lit_pipeline.fetch.http import Fetcher, FetchError, FetchPolicy, retry_after_seconds
from lit_pipeline.fetch.ledger import Ledger
from tests.fetch.site import Answer, Serve, Site, good

DAY = date(2025, 9, 18)
PAPERS = json.dumps([{"paper": {"id": "2509.00001", "title": "A"}}, {"paper": {"id": "2509.00002", "title": "B"}}])
QUICK = FetchPolicy(timeout_seconds=0.5, attempts=3, backoff_seconds=0.01, max_wait_seconds=0.2, per_second=1000)


class StoppedClock:
    """A clock that moves only where somebody sleeps on it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.slept.append(seconds)

    def fetcher(self, policy: FetchPolicy) -> Fetcher:
        return Fetcher(policy, now=self.now, sleep=self.sleep)


def fetch(site: Site, landing_zone: Path, *, force: bool = False, policy: FetchPolicy = QUICK) -> tuple[int, bool]:
    """Number of papers of the day, and whether it was skipped."""
    target = Target(landing_zone, "daily_papers", ".json")
    ledger = Ledger(landing_zone.parent / "ledger")
    fetched = fetch_day(partial(daily_papers, site.url), Fetcher(policy), DAY, target, ledger, force=force)
    return fetched.entry.n_papers, fetched.skipped


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def files(zone: Path) -> list[str]:
    return sorted(path.relative_to(zone).as_posix() for path in zone.rglob("*") if path.is_file())


def test_a_good_day_lands_byte_for_byte(serve: Serve, zone: Path) -> None:
    site = serve(good(PAPERS))
    assert fetch(site, zone) == (2, False)
    assert (zone / "daily_papers/2025-09-18.json").read_text(encoding="utf-8") == PAPERS
    assert site.requests[0]["date"] == ["2025-09-18"]


def test_a_fetched_day_is_skipped(serve: Serve, zone: Path) -> None:
    site = serve(good(PAPERS))
    fetch(site, zone)
    assert fetch(site, zone) == (2, True)
    assert len(site.requests) == 1


def test_a_forced_day_is_fetched_again(serve: Serve, zone: Path) -> None:
    site = serve(good(PAPERS), good(json.dumps(json.loads(PAPERS)[:1])))
    fetch(site, zone)
    assert fetch(site, zone, force=True) == (1, False)


def test_an_empty_day_is_recorded_and_writes_no_file(serve: Serve, zone: Path) -> None:
    site = serve(good("[]"))
    assert fetch(site, zone) == (0, False)
    assert files(zone) == []
    assert fetch(site, zone) == (0, True)
    assert len(site.requests) == 1


def test_a_missing_page_fails_at_once(serve: Serve, zone: Path) -> None:
    site = serve((404, {}, b"nothing here"))
    with pytest.raises(FetchError, match="404"):
        fetch(site, zone)
    assert len(site.requests) == 1
    assert files(zone) == []


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("3600", 60.0)])
def test_a_busy_server_is_asked_again_after_the_time_it_names(serve: Serve, asked: str, waited: float) -> None:
    clock = StoppedClock()
    site = serve((429, {"Retry-After": asked}, b""), good(PAPERS))
    patient = FetchPolicy(attempts=2, backoff_seconds=0.01, max_wait_seconds=60, per_second=1000)
    assert clock.fetcher(patient).get(site.url, {}).decode() == PAPERS
    assert waited in clock.slept


def test_a_server_error_is_tried_again(serve: Serve, zone: Path) -> None:
    site = serve((500, {}, b""), (503, {}, b""), good(PAPERS))
    assert fetch(site, zone) == (2, False)
    assert len(site.requests) == 3


def test_a_lasting_server_error_fails_after_all_tries(serve: Serve, zone: Path) -> None:
    site = serve((500, {}, b""))
    with pytest.raises(FetchError, match="500"):
        fetch(site, zone)
    assert len(site.requests) == QUICK.attempts


def test_a_slow_answer_is_cut_and_tried_again(serve: Serve, zone: Path) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(1.0)
        handler.send_response(200)

    assert fetch(serve(slow, good(PAPERS)), zone) == (2, False)


def test_a_body_that_is_cut_off_is_tried_again(serve: Serve, zone: Path) -> None:
    cut: Answer = (200, {"Content-Length": "5000"}, PAPERS.encode())
    assert fetch(serve(cut, good(PAPERS)), zone) == (2, False)


@pytest.mark.parametrize("body", ["<html>busy</html>", '{"error": "no"}', '[{"title": "no paper"}]', "[1]"])
def test_an_answer_that_is_no_list_of_papers_is_refused(serve: Serve, zone: Path, body: str) -> None:
    with pytest.raises(FetchError, match="2025-09-18"):
        fetch(serve(good(body)), zone)
    assert files(zone) == []


def test_an_answer_over_the_limit_is_refused(serve: Serve, zone: Path) -> None:
    with pytest.raises(FetchError, match="more than 10 bytes"):
        fetch(serve(good(PAPERS)), zone, policy=FetchPolicy(max_bytes=10, per_second=1000))


def test_a_failed_fetch_keeps_the_day_that_was_there(serve: Serve, zone: Path) -> None:
    fetch(serve(good(PAPERS)), zone)
    with pytest.raises(FetchError):
        fetch(serve((404, {}, b"")), zone, force=True)
    assert files(zone) == ["daily_papers/2025-09-18.json"]


def test_a_machine_that_is_offline_gets_one_clear_line(zone: Path, serve: Serve) -> None:
    site = serve(good(PAPERS))
    site.server.shutdown()
    site.server.server_close()
    with pytest.raises(FetchError, match="can't be reached") as failed:
        fetch(site, zone)
    assert "\n" not in str(failed.value)


def test_the_rate_is_kept(serve: Serve) -> None:
    clock = StoppedClock()
    site = serve(good(PAPERS))
    fetcher = clock.fetcher(FetchPolicy(per_second=4))
    for _ in range(3):
        fetcher.get(site.url, {})
        clock.seconds += 0.125
    assert clock.slept == [0.0, 0.125, 0.125]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Sat, 20 Sep 2025 12:00:30 GMT", 30.0),
        ("Sat, 20 Sep 2025 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, datetime(2025, 9, 20, 12, tzinfo=UTC)) == seconds


def feed(n_entries: int) -> Answer:
    entries = "<entry><title>T</title></entry>" * n_entries
    return good(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>')


def fetch_arxiv(site: Site, zone: Path) -> int:
    source = partial(new_papers, site.url, ["cs.CL", "cs.LG"])
    target = Target(zone, "arxiv_new", ".xml")
    return fetch_day(source, Fetcher(QUICK), DAY, target, Ledger(zone.parent / "ledger"), force=False).entry.n_papers


def test_arxiv_is_read_page_by_page(serve: Serve, zone: Path) -> None:
    site = serve(feed(200), feed(3))
    assert fetch_arxiv(site, zone) == 203
    assert files(zone) == ["arxiv_new/2025-09-18-1.xml", "arxiv_new/2025-09-18.xml"]
    assert [request["start"] for request in site.requests] == [["0"], ["200"]]
    assert "submittedDate:[202509180000 TO 202509182359]" in site.requests[0]["search_query"][0]


def test_an_arxiv_day_without_papers_writes_no_file(serve: Serve, zone: Path) -> None:
    assert fetch_arxiv(serve(feed(0)), zone) == 0
    assert files(zone) == []


@pytest.mark.parametrize("body", ["not xml", "<html></html>"])
def test_an_arxiv_answer_that_is_no_feed_is_refused(serve: Serve, zone: Path, body: str) -> None:
    with pytest.raises(FetchError, match="2025-09-18"):
        fetch_arxiv(serve(good(body)), zone)
