"""Processes that find the scripted stacks."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def stacks_of_the_tests_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # Another package installs a folder named `tests`, which comes first otherwise.
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))
