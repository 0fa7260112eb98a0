import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.__main__ import app
from tests.evals.bench.test_sizes import FOUND


class _Opened:
    index_folder = Path("an-index")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """With what the sizes would have been measured."""
    calls: list[tuple[Any, ...]] = []

    def run(*wanted: Any) -> dict[str, Any]:
        calls.append(wanted)
        return FOUND

    monkeypatch.setattr("evals.bench.command.opened_over", lambda _: nullcontext(_Opened()))
    monkeypatch.setattr("evals.bench.sizes.run_sizes_bench", run)
    return calls


def test_one_thing_is_measured_at_a_time(asked: list[tuple[Any, ...]]) -> None:
    done = CliRunner().invoke(app, ["bench", "--sizes", "--chat"])
    assert done.exit_code == 2
    assert "Only one thing is measured at a time" in done.stderr
    assert asked == []


def test_sizes_are_three_unless_they_are_said(asked: list[tuple[Any, ...]]) -> None:
    done = CliRunner().invoke(app, ["bench", "--sizes", "--json"])
    assert json.loads(done.stdout) == FOUND
    assert CliRunner().invoke(app, ["bench", "--sizes", "--chunks", "50"]).exit_code == 0
    assert [sizes for sizes, *_ in asked] == [(10_000, 100_000, 1_000_000), (50,)]


def test_the_growth_is_drawn_where_it_is_asked_for(
    asked: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    place = tmp_path / "sizes.svg"
    done = CliRunner().invoke(
        app, ["bench", "--sizes", "--keep", str(tmp_path / "kept"), "--plot", str(place)]
    )
    assert done.exit_code == 0
    assert place.is_file()
    assert asked[0][1:] == (Path("an-index"), tmp_path / "kept")
