"""How a judge agrees with people."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.resources import shipped_corpus
from evals.cases import DatasetError
from evals.judge.agreement import agreement_on, kappa, read_labelled
from evals.judge.judging import LABELS, Judge
from tests.evals.judge.scripted import labelled, saying


def test_kappa_is_as_computed_by_hand() -> None:
    # Cohen's table of 50 yes/no pairs: 20 both yes, 15 both no, 5 and 10 apart.
    # Observed 0.7; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; (0.7 - 0.5) / 0.5 = 0.4.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "n"), ("n", "y")]) == -1.0
    assert kappa([("y", "y"), ("n", "n"), ("m", "m")]) == 1.0
    assert kappa([("y", "y"), ("y", "n")]) == 0.0


def test_kappa_is_unknown_where_chance_would_always_agree() -> None:
    assert kappa([]) is None
    assert kappa([("y", "y")] * 3) is None


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), max_size=30))
def test_kappa_is_at_most_the_raw_agreement_and_symmetric(pairs: list[tuple[str, str]]) -> None:
    found = kappa(pairs)
    assert found == kappa([(b, a) for a, b in pairs])
    if found is not None:
        raw = sum(a == b for a, b in pairs) / len(pairs)
        assert -1.0 <= found <= raw + 1e-12


def test_agreement_counts_scored_answers_alone() -> None:
    items = [labelled("a", "right"), labelled("b", "wrong"), labelled("c", "wrong")]
    judge = Judge(saying("right", "right", "?"), repeats=1)
    found = agreement_on(items, judge)
    # Observed 1/2; by chance 1/2 * 1 + 1/2 * 0 = 1/2.
    assert (found.n, found.unscored, found.raw, found.kappa) == (2, 1, 0.5, 0.0)


def test_agreement_is_unknown_if_nothing_is_scored() -> None:
    found = agreement_on([labelled("a", "right")], Judge(saying("?"), repeats=1))
    assert (found.n, found.unscored, found.raw, found.kappa) == (0, 1, None, None)


def test_the_labelled_answers_are_balanced_and_stand_on_notes() -> None:
    items = read_labelled()
    notes = {path.stem for path in (shipped_corpus() / "notes").rglob("*.md")}
    assert len({item.id for item in items}) == len(items) == 24
    assert set(Counter(item.label for item in items).values()) == {8}
    assert {item.document_id for item in items} <= notes
    assert {item.labelled_by for item in items} == {"reading the note"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("- id: a\n  label: good\n", "0.question: Field required"),
        ("[]", "holds no labelled answers"),
        ("a: [", "expected"),
        ("5", "file: "),
    ],
)
def test_labelled_answers_that_cannot_be_read_are_named(
    content: str, fault: str, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(DatasetError, match=fault) as caught:
        read_labelled(file)
    assert str(file) in caught.value.message


def test_missing_labelled_answers_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"none\.yaml"):
        read_labelled(tmp_path / "none.yaml")
