"""Dagster's UI in a real browser: the graph loads, a click materialises, a failed check can be seen.

Not part of `make test`: `make test-ui` runs it. It needs Chromium and its driver (on Debian: chromium, chromium-driver)
and skips without. Screenshots of each step go to the folder that SCREENSHOTS names.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

LIT = Path(sys.executable).with_name("lit")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
START_SECONDS = 180
STOP_SECONDS = 20
PAGE_SECONDS = 60
RUN_SECONDS = 240
WINDOW = "1800,1100"
NEVER = 10**6
"""Seconds a file must be still: the sensor starts no run, so that those seen were started by a click."""

COUNT_RUNS = """
    const done = arguments[arguments.length - 1];
    const query = "{ runsOrError { ... on Runs { count } } }";
    const request = {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({query})};
    fetch("/graphql", request).then(answer => answer.json()).then(answer => done(answer.data.runsOrError.count));
"""

PAGES = {
    "one.txt": [
        "BrowserNet: A Model that Looks at Pages",
        "We introduce BrowserNet, a model that looks at pages and reaches 55.0% accuracy on MMLU.",
        "Buttons and Where to Find Them",
        "Buttons hide. We measure on WebArena how often GPT-4o finds them, and it finds 41.0% of them.",
    ],
    "two.txt": [
        "Screens without Light",
        "Most browsers draw what nobody sees. We show that LLaVA describes such pages as well as others.",
        "The Patient Clicker",
        "Waiting helps: an agent built on Llama 3 solves more tasks when it clicks later than it could.",
    ],
}


@dataclass
class Browser:
    """A browser on the UI."""

    driver: webdriver.Chrome
    url: str
    screenshots: Path

    def open(self, path: str) -> None:
        self.driver.get(f"{self.url}{path}")

    def shown(self, text: str) -> list[WebElement]:
        """Elements that show a text."""
        holds = f"//*[not(self::script)][contains(normalize-space(text()), {text!r})]"
        return [element for element in self.driver.find_elements(By.XPATH, holds) if element.is_displayed()]

    def wait_for(self, text: str, *, times: int = 1, seconds: float = PAGE_SECONDS) -> WebElement:
        """Wait until a text is shown, that many times, and return the first place."""
        wait = WebDriverWait(self.driver, seconds, ignored_exceptions=[StaleElementReferenceException])
        message = f"{text!r} is not shown {times} times on {self.driver.current_url}"
        found: list[WebElement] = wait.until(lambda _: len(self.shown(text)) >= times and self.shown(text), message)
        return found[0]

    def click(self, text: str) -> None:
        """Click on what shows a text, once it can be clicked."""
        wait = WebDriverWait(self.driver, PAGE_SECONDS, ignored_exceptions=[WebDriverException])

        def clicked(_: object) -> bool:
            found = [element for element in self.shown(text) if element.is_enabled()]
            if found:
                found[0].click()
            return bool(found)

        wait.until(clicked, f"{text!r} can't be clicked on {self.driver.current_url}")

    def count_runs(self) -> int:
        """Runs that were ever launched."""
        return int(self.driver.execute_async_script(COUNT_RUNS))

    def save(self, name: str) -> None:
        self.driver.save_screenshot(str(self.screenshots / f"{name}.png"))


@pytest.fixture(scope="module")
def programs() -> tuple[str, str]:
    """Paths of the browser and its driver."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which(DRIVER)
    if browser is None or driver is None:
        pytest.skip("there is no browser: install chromium and chromium-driver")
    return browser, driver


@pytest.fixture(scope="module")
def landing_zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for name, lines in PAGES.items():
        (folder / name).write_text("\n\n".join(["Daily Papers", *lines]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ui(landing_zone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a UI over a warehouse of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    warehouse = tmp_path_factory.mktemp("warehouse")
    environment = {
        **os.environ,
        "LIT_RAW": str(landing_zone),
        "LIT_WAREHOUSE": str(warehouse),
        "LIT_UI_PORT": str(port),
        "LIT_SETTLE_SECONDS": str(NEVER),
    }
    with (warehouse / "ui.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(  # noqa: S603 - our own script
            [LIT, "ui"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(url, server)
            yield url
        finally:
            _stop(server)


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the UI has stopped"
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=5):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail(f"the UI does not answer after {START_SECONDS} seconds")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the UI with all processes it started."""
    os.killpg(server.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def browser(programs: tuple[str, str], ui: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location, driver_program = programs
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--window-size={WINDOW}"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    screenshots = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    screenshots.mkdir(parents=True, exist_ok=True)
    driver = webdriver.Chrome(service=Service(driver_program), options=options)
    yield Browser(driver, ui, screenshots)
    driver.quit()


def test_the_asset_graph_loads(browser: Browser) -> None:
    browser.open("/asset-groups")
    for group in ("ingest", "cleaning", "deduplication", "extraction", "marts", "publish"):
        browser.wait_for(group)
    browser.save("1-asset-graph")


def test_a_click_materialises_everything(browser: Browser) -> None:
    materialise(browser, n_runs=1)
    browser.save("2-run")
    browser.open("/assets/papers?view=events")
    browser.wait_for("with_abstract")
    browser.save("3-numbers-of-papers")


def test_a_failed_check_is_visible(browser: Browser, landing_zone: Path) -> None:
    (landing_zone / "two.txt").unlink()
    materialise(browser, n_runs=2)
    browser.open("/assets/published_database?view=checks&checkDetail=no_sudden_drop")
    browser.wait_for("Counts fell: n_records from 4 to 2")
    browser.wait_for("Failed")
    browser.save("4-failed-check")
    browser.click("[Show Markdown]")
    browser.wait_for("At the prompt of")
    browser.save("5-how-to-look")


def materialise(browser: Browser, *, n_runs: int) -> None:
    """Start a run of everything by clicks, and wait until that many runs have succeeded."""
    browser.open("/jobs")
    browser.click("refresh")
    browser.click("Materialize all")
    browser.click("Confirm")  # the UI asks, since nothing was fetched
    WebDriverWait(browser.driver, PAGE_SECONDS).until(lambda _: browser.count_runs() == n_runs, "no run was launched")
    browser.open("/runs")
    browser.wait_for("Success", times=n_runs, seconds=RUN_SECONDS)
