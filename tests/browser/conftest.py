"""A real browser before the page of the chat, and what no test may see the page do."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visits import Visits
from tests.chat.serving import Served, scripted_chat


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with this folder: while it is open, nothing else can have an event loop."""
    path = shutil.which("chromium")
    if path is None:
        reason = "Chromium is not on PATH: install the package chromium to test the page."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with scripted_chat(XDG_STATE_HOME=str(tmp_path_factory.mktemp("state"))) as chat:
        yield chat


@pytest.fixture
def visits(browser: Browser, served: Served, tmp_path: Path) -> Iterator[Visits]:
    """Opens the chat. In the end nothing was asked of another host, and nothing went wrong."""
    visits = Visits(browser, served.address)
    yield visits
    visits.close(tmp_path)
    assert visits.elsewhere == []
    assert visits.complaints == []
