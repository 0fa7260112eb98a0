"""One ranking from two, against values worked out by hand and for any two lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.retrieval.fusion import DENSE_SHARE, Fused, fuse

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
    fused = fuse(dense, text, share)
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

    assert scores(fuse(dense, text, 0.5)) == scores(fuse(text, dense, 0.5))
