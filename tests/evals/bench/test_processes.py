from pathlib import Path

import pytest

from evals.bench.processes import Cost, cost_of, middle_of
from evals.bench.server import BenchFailed


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose modules a process finds."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "idle.py").write_text("print('words')")
    (tmp_path / "busy.py").write_text("x = bytearray(200 * 2**20); sum(range(10_000_000))")
    (tmp_path / "fails.py").write_text("import sys; sys.exit(int(sys.argv[1]))")
    return tmp_path


def test_a_process_costs_what_it_computes_and_holds(modules: Path) -> None:
    held = bytearray(300 * 2**20)  # by this process, of which the others know nothing
    idle, busy = cost_of("idle"), cost_of("busy")
    assert 0 < idle.cpu < busy.cpu
    assert idle.memory < 100
    assert idle.memory + 190 < busy.memory < idle.memory + 250
    assert held


def test_a_process_that_fails_is_no_measurement(modules: Path) -> None:
    with pytest.raises(BenchFailed, match=r"fails 3 failed \(3\)"):
        cost_of("fails", "3")


def test_what_a_process_prints_is_not_shown(
    modules: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    cost_of("idle")
    assert capfd.readouterr() == ("", "")


def test_the_middle_is_that_of_each_figure() -> None:
    assert middle_of([Cost(1.0, 90.0), Cost(3.0, 70.0), Cost(2.0, 80.0)]) == Cost(2.0, 80.0)
