"""What the product exports of feedback is what the evaluation reads."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from assistant.store.proposals import propose
from assistant.store.records import Feedback, Verdict
from evals.__main__ import app
from evals.cases import read_dataset, read_datasets
from evals.lint import lint_cases
from tests.evals.make import TEXTS, ScriptedAssistant, make_answer, make_case
from tests.store.events import at
from tests.store.replied import answered


def _thinks(verdict: Verdict, question: str, comment: str, declined: bool = False) -> Feedback:
    said = answered(question, declined=declined).model_dump_json()
    return Feedback(
        id="f", verdict=verdict, comment=comment, created=at(0), asked=question, said=said
    )


FEEDBACK = (
    _thinks("wrong_evidence", "Who's on the 'team': #1?", "No: that - \n- is another\u2028team."),
    _thinks("missing_guidance", "May Mrs Smith ring 020 7946 0018?", "", declined=True),
    _thinks("missing_guidance", "who is on  the team", "{[&*!|>%@`", declined=True),
    _thinks("missing_guidance", "Who’s on the “team”: #1", "The same once more.", declined=True),
)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    file = tmp_path / "proposed.yaml"
    file.write_text(propose(FEEDBACK).text, "utf-8")
    return file


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A dataset of one answerable case."""
    file = tmp_path / "sound.yaml"
    file.write_text(yaml.safe_dump([make_case("a").model_dump(mode="json")]), "utf-8")
    return file


def test_every_exported_case_is_a_case_that_nobody_has_reviewed(exported: Path) -> None:
    cases = read_dataset(exported)
    assert len(cases) == 3
    for case in cases:
        assert "proposed" in case.tags
        assert case.labelled_by.startswith("nobody yet")
        assert (case.split, case.answerable) == ("dev", False)
    first, second, _ = cases
    assert first.tags == ("proposed", "wrong-evidence", "missing-guidance")
    assert first.question == "Who's on the 'team': #1?"
    assert second.question == "May [name] ring [phone]?"


def test_lint_asks_for_a_review_of_each_and_finds_nothing_else(
    exported: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = ScriptedAssistant(lambda _: make_answer())
    monkeypatch.setattr("evals.evaluate.open_assistant", lambda *_: assistant)
    result = CliRunner().invoke(app, ["lint", "--dataset", str(exported), "--dataset", str(sound)])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "3 faults")
    assert result.stdout.count("it was proposed by feedback: review it") == 3


def test_alone_they_are_of_one_kind_and_judge_no_product(exported: Path) -> None:
    fault = lint_cases(read_dataset(exported), TEXTS)[0]
    assert fault.startswith("all cases are unanswerable")


def test_what_is_in_a_dataset_already_is_pointed_out(exported: Path, tmp_path: Path) -> None:
    known = make_case("known", question="May [name] ring [phone]?")
    file = tmp_path / "known.yaml"
    file.write_text(yaml.safe_dump([known.model_dump(mode="json")]), "utf-8")
    faults = lint_cases(read_datasets([file, exported]), TEXTS)
    assert any("asked 2 times" in fault for fault in faults)
