"""One ranking from several: two lists against values worked out by hand, the rest by relations,
for the weights are tuned."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.blocks import assemble
from assistant.library.chunking import chunk_document
from assistant.library.signposts import signposts_of
from assistant.records import Document
from assistant.retrieval import fusion
from assistant.retrieval.fusion import (
    DENSE_SHARE,
    Fused,
    Scores,
    document_of,
    fuse,
    score_documents,
    section_of,
)
from tests.library.test_blocks import heading, paragraph

# Scaled by meaning: a 1, b 0.416/0.816, c 0.016/0.816. By words: b 1, d 0.1/5.1.
DENSE = [("a", 0.9), ("b", 0.5), ("c", 0.1)]
TEXT = [("b", 10.0), ("d", 5.0)]


def test_scores_are_the_mean_of_both_scaled_lists() -> None:
    assert DENSE_SHARE == 0.5
    assert fuse(DENSE, TEXT) == [
        Fused("b", 0.7549, 2, 1),
        Fused("a", 0.5, 1, None),
        Fused("c", 0.0098, 3, None),
        Fused("d", 0.0098, None, 2),
    ]


def test_the_share_weighs_meaning_against_words() -> None:
    assert [(f.chunk_id, f.score) for f in fuse(DENSE, TEXT, share=0.75)] == [
        ("a", 0.75),
        ("b", 0.63235),
        ("c", 0.01471),
        ("d", 0.0049),
    ]
    assert [(f.chunk_id, f.score) for f in fuse(DENSE, TEXT, share=1)] == [
        ("a", 1.0),
        ("b", 0.5098),
        ("c", 0.01961),
        ("d", 0.0),
    ]
    assert [(f.chunk_id, f.score) for f in fuse(DENSE, TEXT, share=0)] == [
        ("b", 1.0),
        ("d", 0.01961),
        ("a", 0.0),
        ("c", 0.0),
    ]


def test_one_list_alone_keeps_its_order() -> None:
    assert fuse(DENSE, []) == [
        Fused("a", 0.5, 1, None),
        Fused("b", 0.2549, 2, None),
        Fused("c", 0.0098, 3, None),
    ]
    assert fuse([], TEXT) == [Fused("b", 0.5, None, 1), Fused("d", 0.0098, None, 2)]


def test_two_empty_lists_give_an_empty_one() -> None:
    assert fuse([], []) == []


@pytest.mark.parametrize("score", [0.0, -3.0, 7.5])
def test_equal_scores_are_all_the_best_and_ties_go_by_id(score: float) -> None:
    assert fuse([("z", score), ("b", score)], [("m", score)]) == [
        Fused("b", 0.5, 2, None),
        Fused("m", 0.5, None, 1),
        Fused("z", 0.5, 1, None),
    ]


def test_the_best_of_both_lists_scores_1() -> None:
    assert fuse([("a", -1.0), ("b", -2.0)], [("a", 9.0), ("c", 1.0)])[0] == Fused("a", 1.0, 1, 1)


_LISTS = st.dictionaries(
    st.text("abcdefgh:1", min_size=1, max_size=3), st.floats(-1000, 1000), max_size=12
).map(lambda scores: sorted(scores.items(), key=lambda one: -one[1]))


@settings(deadline=None)
@given(_LISTS, _LISTS, st.floats(0, 1))
def test_any_two_lists_are_fused_whole_sorted_and_with_their_ranks(
    dense: list[tuple[str, float]], text: list[tuple[str, float]], share: float
) -> None:
    fused = fuse(dense, text, share=share)
    dense_names, text_names = [name for name, _ in dense], [name for name, _ in text]
    assert sorted(one.chunk_id for one in fused) == sorted({*dense_names, *text_names})
    assert fused == sorted(fused, key=lambda one: (-one.score, one.chunk_id))
    for one in fused:
        assert 0 <= one.score <= 1
        name = one.chunk_id
        assert one.dense_rank == (dense_names.index(name) + 1 if name in dense_names else None)
        assert one.text_rank == (text_names.index(name) + 1 if name in text_names else None)


@settings(deadline=None)
@given(_LISTS, _LISTS)
def test_meaning_and_words_are_interchangeable_at_equal_shares(
    dense: list[tuple[str, float]], text: list[tuple[str, float]]
) -> None:
    def scores(fused: list[Fused]) -> list[tuple[str, float]]:
        return [(one.chunk_id, one.score) for one in fused]

    assert scores(fuse(dense, text, share=0.5)) == scores(fuse(text, dense, share=0.5))


# --- headings and documents lift chunks ------------------------------------------------


def names(fused: Sequence[Fused]) -> list[str]:
    return [one.chunk_id for one in fused]


def score_of(fused: Sequence[Fused], name: str) -> float:
    return next(one.score for one in fused if one.chunk_id == name)


def test_ids_tell_the_document_and_the_section() -> None:
    assert document_of("a-plan_v1.2:start:3") == "a-plan_v1.2"
    assert document_of("a-plan_v1.2:start") == "a-plan_v1.2"
    assert document_of("a-plan_v1.2:?3") == "a-plan_v1.2"
    assert section_of("a-plan_v1.2:start:3") == "a-plan_v1.2:start"


def test_the_section_of_a_chunk_is_the_id_of_its_signpost() -> None:
    blocks = [paragraph("Ask."), heading("Start"), paragraph("Go."), heading("Start")]
    text, sections, _ = assemble([*blocks, paragraph("Rest.")])
    guide = Document(id="plan", title="A plan", text=text, sha256="0", sections=sections)
    chunks = chunk_document(guide, lambda texts: [len(one.split()) for one in texts])
    signposts = [post.id for post in signposts_of(guide)]
    assert [section_of(chunk.id) for chunk in chunks] == signposts
    assert len(set(signposts)) == 3
    assert {document_of(name) for name in signposts} == {"plan"}


ROWS = [("a:x:1", 0.8), ("b:x:1", 0.8), ("b:y:1", 0.8), ("c:x:1", 0.3)]


def test_a_heading_lifts_all_chunks_of_its_section_and_no_other() -> None:
    rows = [*ROWS, ("b:y:2", 0.3)]
    fused = fuse(rows, [], {"b:y": 0.7})
    assert names(fused) == ["b:y:1", "a:x:1", "b:x:1", "b:y:2", "c:x:1"]


def test_the_nearer_heading_lifts_more() -> None:
    assert names(fuse(ROWS, [], {"a:x": 0.4, "b:x": 0.5, "b:y": 0.6})) == [
        "b:y:1", "b:x:1", "a:x:1", "c:x:1",
    ]  # fmt: skip


def test_the_order_of_headings_is_of_no_account() -> None:
    near = {"a:x": 0.4, "b:x": 0.5, "b:y": 0.6}
    assert fuse(ROWS, [], near) == fuse(ROWS, [], dict(reversed(near.items())))


def test_a_document_lifts_all_its_chunks_the_better_the_more() -> None:
    assert names(fuse(ROWS, [], {}, {"a": 0.2, "b": 0.9})) == [
        "b:x:1", "b:y:1", "a:x:1", "c:x:1",
    ]  # fmt: skip


def test_the_best_of_all_scores_1_and_what_nothing_speaks_for_0() -> None:
    dense, text = [("a:x:1", 0.9), ("b:x:1", 0.2)], [("a:x:1", 7.0)]
    fused = fuse(dense, text, {"a:x": 0.8, "c:x": 0.1}, {"a": 1.0, "b": 0.0}, share=0.0)
    assert [(one.chunk_id, one.score) for one in fused] == [("a:x:1", 1.0), ("b:x:1", 0.0)]


def test_each_part_counts_by_its_weight() -> None:
    by_heading, by_document = fusion._HEADING_WEIGHT, fusion._DOCUMENT_WEIGHT
    dense = [("a:x:1", 0.9)]

    def score(headings: dict[str, float], documents: dict[str, float]) -> float:
        return fuse(dense, [], headings, documents, share=0.5)[0].score

    whole = 1 + by_heading + by_document
    assert score({"a:x": 0.8}, {}) == pytest.approx((0.5 + by_heading) / (1 + by_heading), abs=1e-5)
    assert score({}, {"a": 0.5}) == pytest.approx(
        (0.5 + 0.5 * by_document) / (1 + by_document), abs=1e-5
    )
    assert score({"b:x": 0.8}, {"b": 0.5}) == pytest.approx(0.5 / whole, abs=1e-5)


def test_headings_and_documents_bring_in_no_chunk_of_their_own() -> None:
    assert names(fuse([("a:x:1", 0.9)], [], {"b:x": 0.9}, {"b": 1.0})) == ["a:x:1"]
    assert fuse([], [], {"b:x": 0.9}, {"b": 1.0}) == []


_CHUNKS = [f"{d}:{s}:{n}" for d in "abc" for s in "xy" for n in (1, 2)]
_SECTIONS = [f"{d}:{s}" for d in "abcd" for s in "xy"]


def ranked(of: Sequence[str], most: int = 8) -> st.SearchStrategy[list[tuple[str, float]]]:
    return st.dictionaries(st.sampled_from(of), st.floats(-1, 1), max_size=most).map(
        lambda scores: sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    )


_NEAR = ranked(_CHUNKS)
_HEADINGS = ranked(_SECTIONS)
_QUESTIONS = ranked([f"{d}:?{n}" for d in "abcd" for n in (1, 2, 3, 4)])
_DOCUMENTS = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1))


@settings(deadline=None)
@given(_NEAR, _NEAR, _HEADINGS, _DOCUMENTS, st.floats(0, 1))
def test_with_headings_and_documents_nothing_is_lost_and_scores_stay_in_bounds(
    dense: Scores, text: Scores, headings: Scores, documents: dict[str, float], share: float
) -> None:
    fused = fuse(dense, text, dict(headings), documents, share)
    assert fused == fuse(dense, text, dict(headings), documents, share)
    assert sorted(names(fused)) == sorted({name for name, _ in [*dense, *text]})
    assert fused == sorted(fused, key=lambda one: (-one.score, one.chunk_id))
    plain = {one.chunk_id: one for one in fuse(dense, text, share=share)}
    for one in fused:
        assert 0 <= one.score <= 1
        before = plain[one.chunk_id]
        assert (one.dense_rank, one.text_rank) == (before.dense_rank, before.text_rank)


@settings(deadline=None)
@given(_NEAR, _NEAR, st.sampled_from(_SECTIONS))
def test_a_heading_never_moves_a_chunk_of_its_section_down(
    dense: Scores, text: Scores, section: str
) -> None:
    before, after = fuse(dense, text), fuse(dense, text, {section: 0.5})
    for lifted in [name for name in names(before) if section_of(name) == section]:
        assert score_of(after, lifted) >= score_of(before, lifted)
        for other in names(before)[names(before).index(lifted) + 1 :]:
            assert names(after).index(lifted) < names(after).index(other) or (
                section_of(other) == section
            )


@settings(deadline=None)
@given(_NEAR, _NEAR)
def test_no_headings_and_no_documents_are_as_if_none_were_named(
    dense: Scores, text: Scores
) -> None:
    assert fuse(dense, text, {}, {}) == fuse(dense, text)


# --- what speaks for documents ---------------------------------------------------------

FAR = [("far:x:1", 0.1), ("far:?1", 0.1)]


def in_order(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))


@settings(deadline=None)
@given(
    st.floats(0.5, 0.69),
    st.sampled_from(["chunks", "words", "headings", "questions"]),
)
def test_a_document_of_which_three_are_near_beats_one_with_the_single_nearest(
    near: float, kind: str
) -> None:
    found = [("single:x:1", 0.7), *((f"many:x:{n}", near) for n in (1, 2, 3)), FAR[0]]
    none: Scores = []
    by_kind = {
        "chunks": score_documents(found, none, none, none),
        "words": score_documents(none, found, none, none),
        "headings": score_documents(none, none, found, none),
        "questions": score_documents(none, none, none, found),
    }
    assert in_order(by_kind[kind]) == ["many", "single", "far"]


def test_a_document_is_judged_by_its_best_and_not_by_its_length() -> None:
    few = [(f"few:x:{n}", 0.6) for n in range(fusion._SPEAK)]
    long = [(f"long:x:{n}", 0.6) for n in range(fusion._SPEAK * 5)]
    worse = [(f"long:y:{n}", 0.3) for n in range(9)]
    scores = score_documents([*few, *long, *worse, *FAR[:1]], [], [], [])
    assert scores["long"] == scores["few"] > scores["far"]


def test_a_document_without_questions_is_not_shut_out() -> None:
    dense = [("mute:x:1", 0.9), ("far:x:1", 0.1)]
    text, headings = [("mute:x:1", 9.0), ("far:x:1", 1.0)], [("mute:x", 0.8), ("far:x", 0.1)]
    scores = score_documents(dense, text, headings, [("asked:?1", 0.9), ("far:?1", 0.1)])
    assert set(scores) == {"mute", "far", "asked"}
    assert in_order(scores)[0] == "mute"


def test_where_no_document_names_questions_the_best_of_the_rest_scores_1() -> None:
    dense = [("a:x:1", 0.9), ("b:x:1", 0.1)]
    scores = score_documents(dense, [("a:x:1", 9.0), ("b:x:1", 1.0)], [("a:x", 0.8)], [])
    assert scores["a"] == 1.0
    assert 0 <= scores["b"] < 1


def test_a_question_speaks_for_its_document() -> None:
    dense = [("a:x:1", 0.5), ("b:x:1", 0.5)]
    assert in_order(score_documents(dense, [], [], [])) == ["a", "b"]
    assert in_order(score_documents(dense, [], [], [("b:?1", 0.6)])) == ["b", "a"]
    asked = [("b:?1", 0.9), ("a:?1", 0.6)]
    assert in_order(score_documents(dense, [], [], asked)) == ["b", "a"]


def test_a_document_that_only_its_questions_speak_for_is_scored() -> None:
    assert score_documents([], [], [], [("a:?1", 0.9)])["a"] > 0


def test_nothing_found_scores_nothing() -> None:
    assert score_documents([], [], [], []) == {}


def test_documents_of_equal_evidence_score_the_same_in_the_order_of_their_ids() -> None:
    scores = score_documents([(f"{d}:x:1", 0.5) for d in "zbm"], [], [], [])
    assert list(scores) == ["b", "m", "z"]
    assert len(set(scores.values())) == 1


@settings(deadline=None)
@given(_NEAR, _NEAR, _HEADINGS, _QUESTIONS, st.randoms(use_true_random=False))
def test_every_document_found_is_scored_in_bounds_whatever_the_order_of_the_lists(
    dense: Scores, text: Scores, headings: Scores, questions: Scores, chance: random.Random
) -> None:
    lists = [dense, text, headings, questions]
    scores = score_documents(dense, text, headings, questions)
    assert list(scores) == sorted({document_of(name) for part in lists for name, _ in part})
    assert all(0 <= score <= 1 for score in scores.values())
    a, b, c, d = (chance.sample(list(part), len(part)) for part in lists)
    assert score_documents(a, b, c, d) == scores


@settings(deadline=None)
@given(_NEAR, _NEAR, _HEADINGS, _QUESTIONS, st.sampled_from("abc"))
def test_the_document_that_is_best_by_everything_comes_first(
    dense: Scores, text: Scores, headings: Scores, questions: Scores, name: str
) -> None:
    def led(part: Scores, names: Sequence[str]) -> Scores:
        return [*((one, 2.0) for one in names), *(one for one in part if one[0] not in names)]

    chunks = [f"{name}:x:1", f"{name}:x:2", f"{name}:y:1"]
    asked = [f"{name}:?{n}" for n in (1, 2, 3)]
    scores = score_documents(
        led(dense, chunks),
        led(text, chunks),
        led(headings, [f"{name}:{s}" for s in "xyz"]),
        led(questions, asked),
    )
    assert scores[name] == max(scores.values()) == 1.0


def test_a_document_that_names_no_questions_is_judged_by_the_rest() -> None:
    near = [("asked:a:1", 0.9), ("silent:a:1", 0.9)]
    far = [("asked:?1", 0.1), ("asked:?2", 0.9)]
    scores = score_documents(near, [], [], far, silent={"silent"})
    assert scores["silent"] > score_documents(near, [], [], far)["silent"]
