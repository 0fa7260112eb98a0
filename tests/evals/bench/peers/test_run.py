"""The bench of stacks as a whole, with stacks that are scripted."""

import json
from pathlib import Path

from assistant.terminal import TerminalProgress
from evals.bench.peers.run import Row, run_peers_bench
from evals.bench.peers.table import peers_table
from tests.evals.bench.peers.make import make_given

OURS = Row("ours", "tests.evals.bench.peers.scripted")
MISSING = Row("Missing", "tests.evals.bench.peers.not_there")
ALIKE = Row("Alike", "tests.evals.bench.peers.scripted")


def test_a_stack_that_is_missing_leaves_the_others_their_rows(tmp_path: Path) -> None:
    found = run_peers_bench(make_given(tmp_path), TerminalProgress(), (OURS, MISSING, ALIKE))
    assert list(found["rows"]) == ["ours", "Missing", "Alike"]
    assert "pip install '.[peers]'" in found["rows"]["Missing"]["why"]
    alike = found["rows"]["Alike"]
    assert (alike["chunks"], alike["lost"]) == (2, 0)
    assert alike["disk"] > 0
    assert alike["p50"] <= alike["p95"]
    assert {split: of["questions"] for split, of in alike["splits"].items()} == {
        "dev": 1,
        "test": 1,
    }
    assert alike["splits"]["dev"]["recall"] == 1.0
    assert alike["splits"]["dev"]["differs"] == []


def test_neither_figures_nor_table_hold_a_question(tmp_path: Path) -> None:
    given = make_given(tmp_path)
    found = run_peers_bench(given, TerminalProgress(), (OURS, MISSING))
    shown = json.dumps(found) + peers_table(found)
    assert not any(question.case.question in shown for question in given.questions)
    assert not any(question.case.id in shown for question in given.questions)
