"""What counts as found, whatever the size of a stack's chunks."""

import math

import pytest

from assistant.records import Passage
from evals.bench.peers.questions import (
    BUDGET,
    GoldPlace,
    located,
    places_of,
    questions_of,
    ranking,
    scored,
    within,
)
from evals.bench.peers.records import Found
from evals.cases import Evidence
from tests.evals.bench.peers.make import CORE, HALF
from tests.evals.make import GUIDE, TEXTS, make_case, make_trap

BOTH = questions_of([make_case(gold=(CORE, HALF))], TEXTS)[0]


def passage(start: int, end: int, document_id: str = "guide") -> Passage:
    found = located(Found(document_id, TEXTS[document_id][1][start:end], start), TEXTS)
    assert found
    return found


def test_a_place_is_where_the_quote_stands_white_space_aside() -> None:
    spaced = Evidence(document_id="guide", quote="Keep  the\ncore as it is.")
    (place,) = places_of(make_case(gold=(spaced,)), TEXTS)
    assert GUIDE[place.start : place.end] == "Keep the core as it is."


def test_a_quote_that_stands_nowhere_is_said() -> None:
    lost = Evidence(document_id="guide", quote="Drop the core.")
    with pytest.raises(ValueError, match="core: a quote is not in guide"):
        places_of(make_case(gold=(lost,)), TEXTS)


def test_what_cannot_be_asked_by_itself_or_has_no_answer_is_left_out() -> None:
    cases = [make_case(), make_case("later", history=("And?",)), make_trap()]
    assert [question.case.id for question in questions_of(cases, TEXTS)] == ["core"]


@pytest.mark.parametrize(
    ("start", "end", "is_hit"), [(0, 5, False), (0, 6, True), (9, 12, True), (10, 12, False)]
)
def test_one_shared_character_is_a_hit_and_touching_is_none(
    start: int, end: int, is_hit: bool
) -> None:
    place = GoldPlace("guide", 5, 10, 3)
    assert place.is_hit_by(passage(start, end)) is is_hit


def test_the_same_offsets_of_another_document_are_no_hit() -> None:
    assert not GoldPlace("guide", 0, 10, 3).is_hit_by(passage(0, 10, "other"))


def test_a_passage_stands_where_its_stack_says_if_its_text_is_there() -> None:
    start = GUIDE.index("it")
    again = GUIDE.rindex("it")
    assert again > start
    found = located(Found("guide", "it", again), TEXTS)
    assert found
    assert found.start == again


def test_a_wrong_offset_is_put_right_by_the_text() -> None:
    found = located(Found("guide", "Keep the core", 40), TEXTS)
    assert found
    assert (found.start, found.end) == (0, 13)


def test_a_passage_whose_white_space_was_changed_is_found_as_it_stands() -> None:
    found = located(Found("guide", "Keep\nthe  core"), TEXTS)
    assert found
    assert found.text == "Keep the core"


def test_a_passage_that_stands_nowhere_is_counted_and_hits_nothing_but_is_read() -> None:
    lost, there = Found("guide", "Made up by a splitter."), Found("guide", GUIDE)
    assert located(lost, TEXTS) is None
    (scores,), passages, missing = scored([BOTH], [[lost, there]], [[lost]], TEXTS)
    assert (passages, missing) == (2, 1)
    assert scores.characters == len(lost.text) + len(GUIDE)
    assert (scores.recall, scores.read) == (1.0, 0.0)


def test_within_a_budget_the_last_passage_is_cut_where_it_ends() -> None:
    first, last = within(30, [passage(0, 20), passage(20, 60)])
    assert (first.end, last.end) == (20, 30)
    assert last.text == GUIDE[20:30]
    assert within(20, [passage(0, 20), passage(20, 60)]) == [passage(0, 20)]


def test_a_long_chunk_finds_no_more_than_is_read_of_it() -> None:
    text = "Filling. " * (BUDGET // 9 + 1) + GUIDE
    texts = {"guide": ("sha", text)}
    question = questions_of([make_case(gold=(CORE,))], texts)[0]
    (scores,), _, _ = scored([question], [[Found("guide", text)]], [[Found("guide", text)]], texts)
    assert (scores.recall, scores.read) == (1.0, 0.0)
    assert (scores.ndcg, scores.read_ndcg) == (1.0, 0.0)


def test_recall_is_of_all_places_and_looks_at_five_passages() -> None:
    nothing = [Found("other", "Context")] * 5
    (late,), _, _ = scored([BOTH], [[*nothing, Found("guide", GUIDE)]], [[]], TEXTS)
    (half,), _, _ = scored([BOTH], [[Found("guide", "Half of the staff")]], [[]], TEXTS)
    assert (late.recall, half.recall) == (0.0, 0.5)


def test_a_passage_that_says_the_same_again_takes_a_rank_and_gains_nothing() -> None:
    core, half = BOTH.places
    names = ranking(BOTH, [passage(0, 10), passage(0, 10), passage(half.start, half.end)])
    assert names == [core.name, "nothing-1", half.name]


def test_ndcg_weighs_the_places_by_grade_and_rank() -> None:
    top = [Found("guide", "Half of the staff"), Found("guide", "Keep the core")]
    (scores,), _, _ = scored([BOTH], [top], [[]], TEXTS)
    gain, ideal = 1 + 3 / math.log2(3), 3 + 1 / math.log2(3)
    assert scores.ndcg == pytest.approx(gain / ideal)
    assert scores.documents == 1.0


def test_evidence_is_found_by_the_measure_of_the_evaluation() -> None:
    (whole,), _, _ = scored([BOTH], [[Found("guide", GUIDE)]], [[]], TEXTS)
    (cut,), _, _ = scored([BOTH], [[Found("guide", "Keep the core")]], [[]], TEXTS)
    assert (whole.evidence, cut.evidence) == (1.0, 0.0)
    assert (whole.note, cut.note) == (True, True)
