"""Settings from the environment (`LIT_RAW`, `LIT_WAREHOUSE`, ...), validated when they are read.

Nothing else in the package reads environment variables.
"""

import re
from datetime import date
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from lit_pipeline.alerts.post import is_address
from lit_pipeline.fetch.http import FetchPolicy
from lit_pipeline.ingest.limits import GIBIBYTE, MEBIBYTE, Limits

CATEGORY = re.compile(r"[a-z-]{1,20}(\.[A-Za-z-]{1,20})?")
MAX_KEPT_SNAPSHOTS = 1000
FIELD_IN_QUOTES = re.compile(r'field "(\w+)"')


class SettingsError(ValueError):
    """A setting in the environment is missing or wrong; the message names it and says why."""


class Settings(BaseSettings):
    """All settings; each is the environment variable `LIT_<NAME>` in capitals."""

    model_config = SettingsConfigDict(env_prefix="LIT_", frozen=True, extra="ignore", hide_input_in_errors=True)

    raw: Path = Field(Path("warehouse/raw"), description="Landing zone: folder of raw files, only ever read.")
    warehouse: Path = Field(Path("warehouse"), description="Folder of everything that is written.")
    vocabulary: Path | None = Field(None, description="Folder of the user's own vocabulary files.")
    dagster_yaml: Path | None = Field(
        None, description="A dagster.yaml whose sections take the place of the project's, such as storage in Postgres."
    )
    captured_on: date | None = Field(
        None, description="Day the listing pages were captured, for pages that don't tell; YYYY-MM-DD."
    )
    keep_snapshots: int = Field(7, ge=1, le=MAX_KEPT_SNAPSHOTS, description="Published snapshots to keep.")
    fresh_hours: int = Field(36, ge=1, description="Hours after which the published database counts as stale.")
    keep_run_days: int = Field(90, ge=1, description="Days that Dagster's runs, their events and logs are kept.")
    max_file_bytes: int = Field(8 * GIBIBYTE, ge=1, description="Largest raw file that is read, in bytes.")
    max_expanded_bytes: int = Field(
        32 * GIBIBYTE, ge=1, description="Largest size of a compressed file once expanded, in bytes."
    )
    max_document_bytes: int = Field(
        64 * MEBIBYTE, ge=1, description="Largest page or API answer, which is held in memory whole, in bytes."
    )
    max_page_lines: int = Field(200_000, ge=1, description="Most lines of a page saved as text.")
    max_record_chars: int = Field(1_000_000, ge=1_000, description="Longest record that is read, in characters.")
    batch_rows: int = Field(20_000, ge=100, description="Records that are read and cleaned at a time.")
    batch_papers: int = Field(5_000, ge=100, description="Papers whose texts are tagged at a time.")
    new_entity_days: int = Field(30, ge=1, description="Days for which a name counts as new.")
    max_merged_jump: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Most by which the share of merged records may change between snapshots, 0 to 1.",
    )
    settle_seconds: int = Field(
        10, ge=0, description="Seconds a raw file must be unchanged before the sensor takes it."
    )
    fetch: bool = Field(False, description="Whether a day's papers are fetched from public APIs, on a schedule.")
    daily_papers_url: str = Field("https://huggingface.co", description="Address of the Daily Papers API.")
    arxiv_url: str = Field("https://export.arxiv.org", description="Address of arXiv's API.")
    arxiv_categories: tuple[str, ...] = Field(
        ("cs.AI", "cs.CL", "cs.CV", "cs.LG"), description="arXiv categories to fetch, as a JSON list."
    )
    fetch_timeout_seconds: float = Field(30.0, gt=0, description="Longest wait for an answer, in seconds.")
    fetch_attempts: int = Field(5, ge=1, description="Tries of one request.")
    fetch_per_second: float = Field(0.33, gt=0, description="Most requests a second; arXiv asks for one in three.")
    alert_urls: tuple[SecretStr, ...] = Field(
        (), description="Where problems are told, as a JSON list of Apprise addresses (webhooks, e-mail)."
    )
    ui_host: str = Field("127.0.0.1", description="Address the Dagster UI listens on.")
    ui_port: int = Field(3000, ge=1, le=65535, description="Port the Dagster UI listens on.")

    @property
    def limits(self) -> Limits:
        """Limits on raw files."""
        return Limits(
            max_file_bytes=self.max_file_bytes,
            max_record_chars=self.max_record_chars,
            max_expanded_bytes=self.max_expanded_bytes,
            max_document_bytes=self.max_document_bytes,
            max_page_lines=self.max_page_lines,
        )

    @property
    def fetch_policy(self) -> FetchPolicy:
        """How hard and how fast requests are tried."""
        return FetchPolicy(
            timeout_seconds=self.fetch_timeout_seconds,
            attempts=self.fetch_attempts,
            per_second=self.fetch_per_second,
        )

    @field_validator("arxiv_categories")
    @classmethod
    def _category(cls, categories: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [category for category in categories if not CATEGORY.fullmatch(category)]
        if wrong or not categories:
            raise ValueError(f"no arXiv category: {', '.join(wrong) or 'the list is empty'}")
        return categories

    @field_validator("alert_urls")
    @classmethod
    def _address(cls, urls: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        wrong = [str(place) for place, url in enumerate(urls, start=1) if not is_address(url.get_secret_value())]
        if wrong:
            raise ValueError(f"no address that Apprise knows: number {', '.join(wrong)} of {len(urls)}")
        return urls

    @field_validator("raw", "warehouse", "vocabulary", "dagster_yaml")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("warehouse")
    @classmethod
    def _fit_for_a_database(cls, path: Path) -> Path:
        if "?" in str(path):
            raise ValueError("DuckDB can't keep a database in a folder with a question mark in its path")
        return path


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a variable holds a value that its setting can't take.

    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"LIT_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("; ".join(lines)) from error
    except UnreadableError as error:
        field = FIELD_IN_QUOTES.search(str(error))
        name = f"LIT_{field[1].upper()}: " if field else ""
        raise SettingsError(f"{name}the value is no JSON list") from None
