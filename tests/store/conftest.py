"""The same tests before SQLite and before PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.store.database import Database
from tests.store.postgres import emptied, postgres, postgres_programs


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    programs = postgres_programs()
    if programs is None:
        reason = "PostgreSQL is not here: install the package postgresql to test with it."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.db'}"
    return emptied(request.getfixturevalue("postgres_address"))


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    opened = Database(address)
    yield opened
    opened.close()
