"""Means with their intervals, tests of a difference, and curves. Pure, and the same every time.

Cases that stand on one document succeed and fail together, so whole clusters are drawn or flipped.
Every random draw has a fixed seed, and results are rounded to six decimals.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evals.results import Abstention, Estimate, RiskPoint

_Floats = NDArray[np.float64]

_SEED = 20240607
_RESAMPLES = 2_000
_PERMUTATIONS = 9_999  # all of them, and p exact, where there are no more: to 13 clusters
_NOTHING = 1e-9  # sums of fractions differ by less than this by rounding alone
_CERTAINTY = 1.96  # standard errors on each side of a 95 % interval
_POWER = 0.84  # standard errors that a change must exceed it by, to be seen in 80 % of runs


def estimate(
    values: Sequence[tuple[str, float]], *, not_applicable: int = 0, errors: int = 0
) -> Estimate:
    """The mean of (cluster, value) pairs with its 95 % interval. Values are from 0 to 1.

    Passes and failures of which no two share a cluster: Wilson's interval (1927). Otherwise a
    percentile bootstrap that draws clusters with all their cases; of few clusters it is somewhat
    too narrow. It sees no width where all clusters have the same mean, however few they are. Then
    it is Wilson's again, with clusters for trials: values from 0 to 1 vary at most as much as
    passes and failures of that mean.

    `detectable` is for two runs over different cases, (1.96 + 0.84) * sqrt(2) * standard error.
    That is the worst case: a paired comparison over the same cases sees smaller changes. The
    standard error is half the interval over 1.96, which is not 0 where everything passed.

    Raises ValueError for a value that is not from 0 to 1.
    """
    if not values:
        return Estimate(mean=None, n=0, not_applicable=not_applicable, errors=errors)
    numbers = [float(value) for _, value in values]
    if not all(0 <= number <= 1 for number in numbers):
        raise ValueError("a value is from 0 to 1")
    mean = math.fsum(numbers) / len(numbers)
    sums, counts = _by_cluster([cluster for cluster, _ in values], numbers)
    proportion = len(counts) == len(numbers) and set(numbers) <= {0.0, 1.0}
    if proportion or np.ptp(sums / counts) < _NOTHING:
        low, high = _wilson(mean, len(counts))
    else:
        low, high = _bootstrap(sums, counts)
    error = (high - low) / 2 / _CERTAINTY
    return Estimate(
        mean=_rounded(mean),
        n=len(numbers),
        low=_rounded(min(low, mean)),
        high=_rounded(max(high, mean)),
        detectable=_rounded(min(1.0, (_CERTAINTY + _POWER) * math.sqrt(2) * error)),
        not_applicable=not_applicable,
        errors=errors,
    )


def paired_p(old: Sequence[float], new: Sequence[float], clusters: Sequence[str]) -> float:
    """The two-sided p of a sign-flip permutation test of the mean difference, by cluster.

    The three go in parallel, a case each. 1.0 if no cluster changed. With fewer than six changed
    clusters p cannot fall below 0.05: five of five worse have 2 / 2**5.

    Raises ValueError if the lengths differ.
    """
    sums, _ = _by_cluster(clusters, _differences(old, new))
    changed = sums[np.abs(sums) > _NOTHING]  # flipping 0 changes nothing: p is the same without
    if len(changed) < 2:
        return 1.0
    result = stats.permutation_test(
        (changed,),
        _sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_PERMUTATIONS,
        rng=_SEED,
    )
    return _rounded(float(result.pvalue))


def paired_interval(
    old: Sequence[float], new: Sequence[float], clusters: Sequence[str]
) -> tuple[float, float] | None:
    """The 95 % interval of the mean of new minus old, by bootstrap over clusters.

    (0, 0) if nothing changed. None where clusters give no spread to draw from: only one, or all
    changed by the same.

    Raises ValueError if the lengths differ.
    """
    differences = _differences(old, new)
    if all(abs(difference) < _NOTHING for difference in differences):
        return (0.0, 0.0) if differences else None
    sums, counts = _by_cluster(clusters, differences)
    if np.ptp(sums / counts) < _NOTHING:
        return None
    low, high = _bootstrap(sums, counts)
    return _rounded(low), _rounded(high)


def auroc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that an answerable question is more confident than an unanswerable one.

    Takes (confidence, answerable). Ties count half. None unless both kinds are there.
    """
    yes = [score for score, answerable in scored if answerable]
    no = [score for score, answerable in scored if not answerable]
    if not yes or not no:
        return None
    wins = sum((a > b) + (a == b) / 2 for a in yes for b in no)
    return _rounded(wins / (len(yes) * len(no)))


def risk_coverage(scored: Sequence[tuple[float, bool]]) -> tuple[RiskPoint, ...]:
    """What is answered, and how much of it wrong, at each confidence as the threshold.

    Takes (confidence, whether it is right to answer: answerable, and the answer good). From the
    highest threshold to the lowest, at which everything is answered. One point for each
    confidence, since no threshold parts those that have the same.
    """
    total = Counter(confidence for confidence, _ in scored)
    wrong = Counter(confidence for confidence, right in scored if not right)
    thresholds = sorted(total, reverse=True)
    answered = accumulate(total[threshold] for threshold in thresholds)
    failed = accumulate(wrong[threshold] for threshold in thresholds)
    return tuple(
        RiskPoint(
            threshold=_rounded(threshold),
            coverage=_rounded(many / len(scored)),
            risk=_rounded(bad / many),
        )
        for threshold, many, bad in zip(thresholds, answered, failed, strict=True)
    )


def aurc(points: Sequence[RiskPoint]) -> float | None:
    """The mean risk over all coverages: the area under the risk-coverage curve, in steps.

    Without ties it is the mean of the risks after each question (Geifman and El-Yaniv 2019). Of
    those that tie, each counts with the risk of all. None without points.
    """
    if not points:
        return None
    coverages = [0.0, *(point.coverage for point in points)]
    widths = (after - before for before, after in pairwise(coverages))
    return _rounded(sum(w * point.risk for w, point in zip(widths, points, strict=True)))


def coverage_at_risk(points: Sequence[RiskPoint], limit: float) -> float | None:
    """The largest share that can be answered with at most that share of it wrong.

    0 if no threshold keeps to the limit, None without points.
    """
    if not points:
        return None
    return max((point.coverage for point in points if point.risk <= limit), default=0.0)


def f1(tp: int, fp: int, fn: int) -> float | None:
    """The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn). None for 0 / 0."""
    exact = _f1(tp, fp, fn)
    return None if exact is None else _rounded(exact)


def abstention(pairs: Sequence[tuple[bool, bool]]) -> Abstention:
    """The table of (answerable, answered), with the F1 of answering and that of declining.

    `macro` is the mean of the two, None unless both are defined.
    """
    counts = Counter((bool(answerable), bool(answered)) for answerable, answered in pairs)
    over, false = counts[True, False], counts[False, True]
    answer = _f1(counts[True, True], false, over)
    decline = _f1(counts[False, False], over, false)
    return Abstention(
        answered_rightly=counts[True, True],
        declined_wrongly=over,
        declined_rightly=counts[False, False],
        answered_wrongly=false,
        f1_answer=None if answer is None else _rounded(answer),
        f1_decline=None if decline is None else _rounded(decline),
        macro=None if answer is None or decline is None else _rounded((answer + decline) / 2),
    )


def _f1(tp: int, fp: int, fn: int) -> float | None:
    whole = 2 * tp + fp + fn
    return 2 * tp / whole if whole else None


def _by_cluster(clusters: Sequence[str], values: Sequence[float]) -> tuple[_Floats, _Floats]:
    """The sum and the number of the values of each cluster, in the order of their names."""
    if len(clusters) != len(values):
        raise ValueError("every value has a cluster")
    _, members = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    sums = np.bincount(members, weights=np.asarray(values, dtype=np.float64))
    return sums.astype(np.float64), np.bincount(members).astype(np.float64)


def _differences(old: Sequence[float], new: Sequence[float]) -> list[float]:
    return [float(after) - float(before) for before, after in zip(old, new, strict=True)]


def _wilson(mean: float, n: int) -> tuple[float, float]:
    """Wilson's interval; for a mean between two proportions of n, one that holds both of theirs."""
    passed = round(mean * n, 6)
    below = stats.binomtest(math.floor(passed), n).proportion_ci(method="wilson")
    above = stats.binomtest(math.ceil(passed), n).proportion_ci(method="wilson")
    return float(below.low), float(above.high)


def _bootstrap(sums: _Floats, counts: _Floats) -> tuple[float, float]:
    result = stats.bootstrap(
        (sums, counts),
        _ratio,
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=_SEED,
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def _ratio(sums: _Floats, counts: _Floats, axis: int = -1) -> _Floats:
    ratio: _Floats = sums.sum(axis=axis) / counts.sum(axis=axis)
    return ratio


def _sum(values: _Floats, axis: int = -1) -> _Floats:
    total: _Floats = values.sum(axis=axis)
    return total


def _rounded(number: float) -> float:
    return round(number, 6) + 0.0  # -0.0 and 0.0 are equal and written differently
