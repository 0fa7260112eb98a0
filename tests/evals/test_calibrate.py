"""The fit of the confidence, on signals that are known."""

import random

import pytest

from assistant.answering.decline import Signals
from assistant.errors import UsageError
from evals.calibrate import calibrate, calibration_table
from evals.cases import Case
from tests.evals.make import ScriptedAssistant, make_answer, make_case, make_trap


class _Signalling(ScriptedAssistant):
    """Signals drawn around 0.8 for questions about the core, around 0.2 for the rest."""

    def __init__(self) -> None:
        super().__init__(lambda _: make_answer())

    def signals(self, question: str, history: object = ()) -> Signals | None:
        chance = random.Random(question)
        centre = 0.8 if "core" in question else 0.2
        drawn = [centre + chance.uniform(-0.15, 0.15) for _ in range(3)]
        unknown = 1 - drawn[2]
        return Signals(drawn[0], 0.5, drawn[1], unknown, strange=0.0, length=2.0, silent=False)


def cases(kind: int) -> list[Case]:
    good = [make_case(f"core-{n}") for n in range(kind)]
    return good + [make_trap(f"weather-{n}") for n in range(kind)]


def test_signals_that_part_the_questions_part_them() -> None:
    found = calibrate(_Signalling(), cases(20), lambda _: None)
    assert (found["cases"], found["answerable"]) == (40, 20)
    assert found["auroc"] == 1.0
    assert (found["answered"], found["declined"]) == (1.0, 1.0)
    assert found["weights"]["similarity"] > 0
    assert found["weights"]["coverage"] > 0
    assert found["weights"]["unknown"] < 0
    assert "40 dev questions, 20 of them answerable" in calibration_table(found)


def test_test_cases_and_those_told_by_rules_are_not_fitted_to() -> None:
    others = [make_case("core-test", split="test"), make_trap("x", unanswerable_class="local_fact")]
    found = calibrate(_Signalling(), cases(10) + others, lambda _: None)
    assert found["cases"] == 20


def test_other_wordings_are_fitted_to_as_well() -> None:
    reworded = [case.model_copy(update={"paraphrases": ("core?", "rain?")}) for case in cases(10)]
    assert calibrate(_Signalling(), reworded, lambda _: None)["cases"] == 60


def test_too_few_cases_are_wrong_usage() -> None:
    with pytest.raises(UsageError, match="too few dev cases"):
        calibrate(_Signalling(), cases(9), lambda _: None)
