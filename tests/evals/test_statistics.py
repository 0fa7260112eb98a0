"""Intervals and tests against values worked out by hand, and what must hold for any values."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.results import Estimate, RiskPoint
from evals.statistics import (
    abstention,
    aurc,
    auroc,
    coverage_at_risk,
    estimate,
    f1,
    paired_interval,
    paired_p,
    risk_coverage,
)


def apart(values: Sequence[float]) -> list[tuple[str, float]]:
    """The values, each in a cluster of its own."""
    return [(f"c{n}", value) for n, value in enumerate(values)]


_PAIRS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0])),
    min_size=1,
    max_size=20,
)
_TRIPLES = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from("abcde")
    ),
    min_size=1,
    max_size=15,
)

# --- estimate


def test_proportions_have_the_interval_of_wilson() -> None:
    found = estimate(apart([1.0] * 8 + [0.0] * 2), not_applicable=3, errors=1)
    assert found == Estimate(
        mean=0.8, n=10, low=0.490162, high=0.943318, detectable=0.457756, not_applicable=3, errors=1
    )  # fmt: skip


def test_wilson_by_its_formula() -> None:
    z, p, n = 1.959964, 0.3, 40
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    found = estimate(apart([1.0] * 12 + [0.0] * 28))
    assert found.low == pytest.approx(middle - half, abs=2e-6)
    assert found.high == pytest.approx(middle + half, abs=2e-6)


def test_nothing_measured_is_no_number() -> None:
    assert estimate([], not_applicable=4, errors=2) == Estimate(
        mean=None, n=0, not_applicable=4, errors=2
    )


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([("a", 1.0)], 0.206549, 1.0),  # 1 / (1 + 1.959964 ** 2)
        ([("a", 0.0)], 0.0, 0.793451),
        ([("a", 1.0)] * 9, 0.206549, 1.0),  # nine cases of one document are one trial
        ([("a", 0.5)], 0.0, 1.0),  # between 0 of 1 and 1 of 1
        ([("a", 0.0), ("a", 1.0)], 0.0, 1.0),
        ([("a", 1.0), ("b", 1.0), ("b", 1.0)], 0.34238, 1.0),  # 2 / (2 + 1.959964 ** 2)
    ],
)
def test_clusters_that_are_all_the_same_have_a_width(
    values: list[tuple[str, float]], low: float, high: float
) -> None:
    found = estimate(values)
    assert found.low == pytest.approx(low, abs=2e-6)
    assert found.high == pytest.approx(high, abs=2e-6)
    assert found.detectable is not None
    assert 0 < found.detectable <= 1


def test_clusters_are_drawn_whole() -> None:
    # Of four equally likely draws of two clusters, one has the failures alone, one the passes.
    found = estimate([("a", 0.0), ("a", 0.0), ("b", 1.0), ("b", 1.0)])
    assert (found.mean, found.low, found.high) == (0.5, 0.0, 1.0)


def test_a_cluster_counts_by_its_cases() -> None:
    found = estimate([("a", 1.0), ("a", 1.0), ("a", 1.0), ("b", 0.0)])
    assert found.mean == 0.75


def test_clusters_widen_the_interval() -> None:
    values = [float(n % 4 > 0) for n in range(60)]
    alone = estimate(apart(values))
    together = estimate([(f"c{n % 4}-{n % 12}", value) for n, value in enumerate(values)])
    assert alone.mean == together.mean == 0.75
    assert together.detectable is not None
    assert alone.detectable is not None
    assert together.detectable > alone.detectable


def test_fractions_agree_with_the_normal_interval_where_there_are_many() -> None:
    draw = random.Random(3)
    values = [draw.random() for _ in range(400)]
    found = estimate(apart(values))
    mean = sum(values) / 400
    error = math.sqrt(sum((v - mean) ** 2 for v in values) / 400 / 400)
    assert found.low == pytest.approx(mean - 1.96 * error, abs=0.004)
    assert found.high == pytest.approx(mean + 1.96 * error, abs=0.004)
    assert found.detectable == pytest.approx(2.8 * math.sqrt(2) * error, rel=0.1)


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_value_outside_of_0_to_1_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        estimate([("a", 0.5), ("b", value)])


@settings(deadline=None, max_examples=60)
@given(_PAIRS)
def test_an_interval_holds_its_mean_and_stays_within_0_and_1(
    pairs: list[tuple[str, float]],
) -> None:
    found = estimate(pairs)
    assert found.mean is not None
    assert found.low is not None
    assert found.high is not None
    assert found.detectable is not None
    assert 0 <= found.low <= found.mean <= found.high <= 1
    assert found.low < found.high
    assert 0 < found.detectable <= 1
    assert found.n == len(pairs)


@settings(deadline=None, max_examples=30)
@given(_PAIRS, st.randoms())
def test_equal_cases_in_any_order_give_an_equal_estimate(
    pairs: list[tuple[str, float]], shuffle: random.Random
) -> None:
    other = list(pairs)
    shuffle.shuffle(other)
    assert estimate(pairs) == estimate(list(pairs)) == estimate(other)


# --- paired_p and paired_interval


@pytest.mark.parametrize(
    ("old", "new", "clusters", "p"),
    [
        ([0, 0, 0, 1], [1, 1, 1, 0], "abcd", 0.625),  # 5 of 16 sums are 2 or more; twice that
        ([1] * 6, [0] * 6, "abcdef", 0.03125),  # 2 of 64
        ([1] * 5, [0] * 5, "abcde", 0.0625),  # 2 of 32
        ([1] * 6, [0] * 6, "aaabbb", 0.5),  # 2 of 4: two clusters, six cases
        ([1] * 8 + [0, 1], [0] * 6 + [1, 1, 0, 1], "abcdefghij", 0.03125),  # unchanged: no part
        ([0.5, 0], [0.75, 1], "ab", 0.5),
        ([1, 0], [0, 1], "aa", 1.0),  # the cluster did not change
        ([1], [0], "a", 1.0),
        ([0, 1], [0, 1], "ab", 1.0),
        ([], [], "", 1.0),
    ],
)
def test_p_by_counting_all_flips(
    old: list[float], new: list[float], clusters: str, p: float
) -> None:
    assert paired_p(old, new, list(clusters)) == p
    assert paired_p(new, old, list(clusters)) == p


def test_p_of_many_clusters_is_drawn_and_stays_the_same() -> None:
    clusters = [f"c{n}" for n in range(40)]
    worse = [0.0] * 40
    assert paired_p([1.0] * 40, worse, clusters) == paired_p([1.0] * 40, worse, clusters) == 0.0002
    # Ten worse and thirty better: a binomial test of 10 in 40 has 0.002.
    assert paired_p([1.0] * 10 + [0.0] * 30, [0.0] * 10 + [1.0] * 30, clusters) == pytest.approx(
        0.0022, abs=0.0015
    )


@pytest.mark.parametrize(
    ("old", "new", "clusters", "interval"),
    [
        ([0, 0], [1, 0], "ab", (0.0, 1.0)),  # drawn: twice a, or twice b, in one of four each
        ([1, 1, 0, 0], [0, 0, 0, 0], "aabb", (-1.0, 0.0)),
        ([0, 0.1, 0.2, 0], [0.3, 0, 0, 1], "aaab", (0.0, 1.0)),  # a sums to -2.8e-17
        ([1, 0], [1, 0], "ab", (0.0, 0.0)),
        ([0, 0], [1, 0], "aa", None),
        ([0, 0], [1, 1], "ab", None),
        ([0], [1], "a", None),
        ([], [], "", None),
    ],
)
def test_the_interval_of_a_difference(
    old: list[float], new: list[float], clusters: str, interval: tuple[float, float] | None
) -> None:
    found = paired_interval(old, new, list(clusters))
    assert found == interval
    assert "-0.0" not in str(found)  # equal to 0.0, and not the same bytes


def test_cases_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_p([1.0, 0.0], [1.0], ["a", "b"])
    with pytest.raises(ValueError, match="cluster"):
        paired_interval([1.0, 0.0], [1.0, 1.0], ["a"])


@settings(deadline=None, max_examples=50)
@given(_TRIPLES)
def test_swapping_old_and_new_mirrors_the_difference(
    triples: list[tuple[float, float, str]],
) -> None:
    old, new, clusters = map(list, zip(*triples, strict=True))
    there, back = paired_interval(old, new, clusters), paired_interval(new, old, clusters)
    assert paired_p(old, new, clusters) == pytest.approx(paired_p(new, old, clusters))
    assert 0 < paired_p(old, new, clusters) <= 1
    if there is None or back is None:
        assert there is back
    else:
        mean = sum(b - a for a, b, _ in triples) / len(triples)
        assert there == pytest.approx((-back[1], -back[0]), abs=2e-6)
        assert there[0] - 1e-6 <= mean <= there[1] + 1e-6


# --- auroc and the risk-coverage curve


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        ([(0.9, True), (0.1, False)], 1.0),
        ([(0.1, True), (0.9, False)], 0.0),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.9, True), (0.5, True), (0.5, False), (0.2, False)], 0.875),
        ([(0.8, True), (0.4, True), (0.6, False), (0.2, False), (0.7, False)], 0.666667),
        ([(0.9, True)], None),
        ([(0.9, False)], None),
        ([], None),
    ],
)
def test_auroc_is(scored: list[tuple[float, bool]], expected: float | None) -> None:
    assert auroc(scored) == expected


def test_the_curve_keeps_ties_together() -> None:
    points = risk_coverage([(0.1, False), (0.8, False), (0.9, True), (0.8, True)])
    assert points == (
        RiskPoint(threshold=0.9, coverage=0.25, risk=0.0),
        RiskPoint(threshold=0.8, coverage=0.75, risk=0.333333),
        RiskPoint(threshold=0.1, coverage=1.0, risk=0.5),
    )
    # A quarter at 0, a half at 1/3, a quarter at 1/2.
    assert aurc(points) == pytest.approx(7 / 24, abs=2e-6)


def test_aurc_without_ties_is_the_mean_of_the_risks() -> None:
    points = risk_coverage([(0.9, True), (0.8, False), (0.7, True), (0.6, True)])
    assert aurc(points) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4, abs=2e-6)


def test_a_perfect_and_a_useless_confidence() -> None:
    assert aurc(risk_coverage([(0.9, True), (0.8, True)])) == 0.0
    assert aurc(risk_coverage([(0.9, False), (0.8, False)])) == 1.0
    assert aurc(risk_coverage([])) is None


def test_the_largest_coverage_within_the_limit_counts() -> None:
    points = risk_coverage([(0.9, False)] + [(0.8 - n / 100, True) for n in range(19)])
    assert coverage_at_risk(points, 0.05) == 1.0  # the first is wrong, and 1 of 20 is 5 %
    assert coverage_at_risk(points, 0.04) == 0.0
    assert coverage_at_risk((), 0.05) is None


_SCORED = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=1)


@given(_SCORED)
def test_a_curve_ends_with_everything_answered(scored: list[tuple[float, bool]]) -> None:
    points = risk_coverage(scored)
    area, share = aurc(points), coverage_at_risk(points, 0.05)
    assert points[-1].coverage == 1.0
    assert points[-1].risk == pytest.approx(
        sum(not right for _, right in scored) / len(scored), abs=1e-6
    )
    assert [p.threshold for p in points] == sorted({s for s, _ in scored}, reverse=True)
    assert area is not None
    assert share is not None
    assert 0 <= area <= 1
    assert 0 <= share <= 1
    assert points == risk_coverage(scored[::-1])


# --- f1 and abstention


def test_f1_is() -> None:
    assert f1(6, 2, 4) == 0.666667
    assert f1(0, 1, 0) == 0.0
    assert f1(0, 0, 0) is None


def test_abstention_counts_four_kinds() -> None:
    pairs = [(True, True)] * 6 + [(True, False)] * 2 + [(False, False)] * 3 + [(False, True)]
    found = abstention(pairs)
    assert (found.answered_rightly, found.declined_wrongly) == (6, 2)
    assert (found.declined_rightly, found.answered_wrongly) == (3, 1)
    assert (found.f1_answer, found.f1_decline) == (0.8, 0.666667)  # 12/15 and 6/9
    assert found.macro == 0.733333


def test_abstention_of_one_kind_alone_has_no_macro() -> None:
    found = abstention([(True, True)])
    assert (found.f1_answer, found.f1_decline, found.macro) == (1.0, None, None)
    assert abstention([]).macro is None


def test_declining_everything_is_no_good_mark() -> None:
    found = abstention([(True, False), (False, False)])
    assert (found.f1_answer, found.f1_decline, found.macro) == (0.0, 0.666667, 0.333333)
