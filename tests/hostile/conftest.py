"""Hypothesis as these tests need it: no deadline, the same examples every time, nothing written beside the tests."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "hostile",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(autouse=True, scope="session")
def _profile() -> Iterator[None]:
    """Hypothesis' settings for these tests."""
    settings.load_profile("hostile")
    yield
    settings.load_profile("default")
