"""Fixtures of the fetching tests."""

from collections.abc import Iterator

import pytest

from tests.fetch.site import Answers, Serve, Site


@pytest.fixture
def serve() -> Iterator[Serve]:
    sites: list[Site] = []

    def start(*answers: Answers) -> Site:
        sites.append(Site(list(answers)))
        return sites[-1]

    yield start
    for site in sites:
        site.server.shutdown()
        site.server.server_close()
