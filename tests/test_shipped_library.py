"""The guidance library itself: the rules of `corpus/README.md`, and that it is large enough."""

from collections.abc import Sequence
from typing import get_args

import pytest

from assistant.library.contents import FILE, contents_of
from assistant.library.lint import Library, coverage, faults_of, near_duplicates, read_library
from assistant.library.notes import Topic
from assistant.resources import shipped_corpus

GROUPS = {
    "stages", "teams", "context", "selection", "strategies", "adaptation", "scaling",
    "sustainment", "measurement", "equity", "improvement", "cost",
}  # fmt: skip
PAIRS = (
    "scale-up-or-scale-out", "spread-or-scale-up", "fidelity-or-adaptation", "adaptation-or-drift",
    "champion-or-team", "team-or-steering-group", "cfir-or-epis", "cfir-or-com-b", "nirn-or-eef",
    "proctor-or-re-aim", "frame-or-frame-is", "adapt-or-madi", "psat-or-csat",
    "qi-or-implementation-science", "community-of-practice-or-collaborative",
    "training-or-coaching", "train-the-trainer-or-central-team", "pilot-or-transformation-zone",
    "readiness-or-buy-in",
    "implementation-or-client-outcomes", "top-down-or-emergent", "hexagon-or-isat",
    "pdsa-or-usability-test", "licence-or-open", "sustained-or-able-to-sustain",
)  # fmt: skip
FIGURES = (
    "ninety-five-per-cent-with-coaching", "seventeen-years-fourteen-per-cent",
    "how-long-implementation-takes", "full-implementation-meanings", "what-a-fidelity-score-means",
    "sister", "counting-cfir-constructs", "seventy-per-cent-of-change-fails",
    "adopter-percentages", "half-skipped-the-sequence", "facilitation", "what-will-it-cost",
    "coaching-effect-sizes",
)  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(shipped_corpus())


def missing(library: Library, wanted: Sequence[str]) -> set[str]:
    return set(wanted) - {note.id for note in library.notes}


def test_the_library_breaks_none_of_its_rules(library: Library) -> None:
    assert [str(fault) for fault in faults_of(library)] == []


def test_no_two_notes_are_nearly_the_same(library: Library) -> None:
    assert near_duplicates(library) == []


def test_the_library_is_large_enough(library: Library) -> None:
    assert len(library.notes) >= 110
    assert sum(len(note.body.split()) for note in library.notes) >= 45_000
    assert {note.front.group for note in library.notes} == GROUPS


def test_there_is_a_note_for_each_pair_that_people_confuse(library: Library) -> None:
    assert missing(library, PAIRS) == set()


def test_there_is_a_note_for_each_figure_that_travels_badly(library: Library) -> None:
    assert missing(library, FIGURES) == set()


def test_every_topic_has_a_note_for_every_stage(library: Library) -> None:
    empty = [cell for cell, notes in coverage(library).items() if not notes]
    assert empty == []
    assert len({topic for topic, _ in coverage(library)}) == len(get_args(Topic))


def test_the_five_sources_are_all_used(library: Library) -> None:
    sources = {
        "nirn-scaling-2023", "clark-nspcc", "nicol-2015", "greenhalgh-papoutsi-2019", "nirn-teams",
    }  # fmt: skip
    assert sources <= {key for note in library.notes for key in note.front.references}


def test_the_list_of_contents_is_current(library: Library) -> None:
    written = (shipped_corpus() / FILE).read_text("utf-8")
    assert written == contents_of(library), "run: make contents"
