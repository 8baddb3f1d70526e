"""What is told: a problem once when it begins, once when it has ended, nothing in between."""

from lit_pipeline.alerts.news import MAX_MESSAGES, MAX_OPEN, MAX_PARTS, Finding, Problems, news


def bad(key: str, part: str = "") -> Finding:
    return Finding(key, part, failed=True, title=f"{key} failed", text="because")


def good(key: str, part: str = "") -> Finding:
    return Finding(key, part, failed=False, title=f"{key} failed")


def told(known: Problems, *findings: Finding) -> tuple[Problems, list[str]]:
    problems, messages = news(known, findings)
    return problems, [message.title for message in messages]


def test_a_problem_is_told_once() -> None:
    known, first = told({}, bad("a"))
    known, second = told(known, bad("a"))
    assert first == ["a failed"]
    assert second == []


def test_the_reason_is_told() -> None:
    _, messages = news({}, [bad("a")])
    assert messages[0].text == "because"


def test_a_mended_problem_is_told_once_and_forgotten() -> None:
    known, _ = told({}, bad("a"))
    known, mended = told(known, good("a"))
    assert mended == ["Mended: a failed"]
    assert known == {}
    assert told(known, good("a"))[1] == []


def test_a_problem_that_comes_back_is_told_again() -> None:
    known, _ = told({}, bad("a"))
    known, _ = told(known, good("a"))
    assert told(known, bad("a"))[1] == ["a failed"]


def test_what_failed_and_was_mended_between_two_looks_is_not_told() -> None:
    assert told({}, bad("a"), good("a")) == ({}, [])


def test_a_flicker_between_two_looks_is_not_told() -> None:
    known, _ = told({}, bad("a"))
    assert told(known, good("a"), bad("a"))[1] == []


def test_many_parts_are_one_problem_that_is_mended_when_all_are() -> None:
    known, messages = told({}, bad("fetch", "day 1"), bad("fetch", "day 2"))
    assert messages == ["fetch failed"]
    known, messages = told(known, good("fetch", "day 1"))
    assert messages == []
    assert told(known, good("fetch", "day 2"))[1] == ["Mended: fetch failed"]


def test_success_of_another_part_mends_nothing() -> None:
    known, _ = told({}, bad("fetch", "day 1"))
    assert told(known, good("fetch", "day 2"))[1] == []


def test_many_problems_at_once_share_a_message() -> None:
    known, messages = news({}, [bad(f"step {number}") for number in range(30)])
    assert len(messages) == MAX_MESSAGES
    assert messages[-1].title.startswith("21 more: ")
    assert "step 29 failed" in messages[-1].text
    assert len(known) == 30


def test_what_is_remembered_is_bounded() -> None:
    many = [bad(f"step {number}", f"part {part}") for number in range(MAX_OPEN + 5) for part in range(MAX_PARTS + 5)]
    known, _ = news({}, many)
    assert len(known) == MAX_OPEN
    assert {len(problem.parts) for problem in known.values()} == {MAX_PARTS}
