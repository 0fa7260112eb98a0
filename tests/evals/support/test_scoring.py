"""Numbers by hand."""

import pytest

from evals.results import Estimate
from evals.statistics import estimate
from evals.support.places import places_of
from evals.support.records import CHANGES, SupportReport
from evals.support.scoring import balanced, shown, support_report
from tests.evals.support.make_claims import TEXTS, FakeAssistant, Rule, make_claim

# The check sees support where a claim says "yes".
CLAIMS = [
    make_claim("a", claim="Yes, one.", quote="Keep the core"),
    make_claim("b", claim="Yes, 2.", quote="as it is."),
    make_claim("c", claim="No, two.", quote="It ends."),
    make_claim("d", claim="Yes, it did.", quote="Four", change="number"),
    make_claim("e", claim="No, it did.", quote="coaches", change="number"),
    make_claim("f", claim="No, never.", quote="visit", change="scope"),
    make_claim("g", claim="No more.", quote="every", change="scope"),
    make_claim("h", file="test.yaml", claim="No, hidden.", quote="weeks."),
]


def _yes(sentence: str, text: str) -> bool:
    return "yes" in sentence.lower()


def _report(rule: Rule = _yes) -> SupportReport:
    return support_report(CLAIMS, places_of(CLAIMS, TEXTS), FakeAssistant(rule))


def test_balanced_accuracy_is_the_mean_of_its_two_parts() -> None:
    dev = _report().splits["dev"]
    assert dev.claims == 7
    assert (dev.taken.n, dev.taken.mean) == (3, 0.666667)
    assert (dev.rejected.n, dev.rejected.mean) == (4, 0.75)
    assert (dev.balanced.n, dev.balanced.mean) == (7, 0.708333)


def test_the_parts_have_wilson_intervals() -> None:
    dev = _report().splits["dev"]
    # Wilson's for 2 of 3 and for 3 of 4, z = 1.96.
    assert (dev.taken.low, dev.taken.high) == pytest.approx((0.2077, 0.9385), abs=1e-4)
    assert (dev.rejected.low, dev.rejected.high) == pytest.approx((0.3006, 0.9544), abs=1e-4)
    # Half the root of the sum of the squared distances: 0.4590, 0.4494; and 0.2718, 0.2044.
    assert dev.balanced.low == pytest.approx(0.708333 - 0.3212, abs=2e-4)
    assert dev.balanced.high == pytest.approx(0.708333 + 0.1701, abs=2e-4)


def test_claims_are_counted_by_what_was_changed() -> None:
    changes = _report().splits["dev"].changes
    assert tuple(changes) == CHANGES
    assert (changes["number"].made, changes["number"].rejected) == (2, 1)
    assert changes["number"].unexpected == ("d: Yes, it did.",)
    assert (changes["scope"].made, changes["scope"].rejected) == (2, 2)
    assert changes["unit"].rate is None


def test_a_rejected_claim_is_told_with_the_doubt() -> None:
    assert _report().splits["dev"].missed == ("c (words: it): No, two.",)


def test_splits_are_scored_apart_and_one_without_claims_is_left_out() -> None:
    assert list(_report().splits) == ["dev", "test"]
    test = _report().splits["test"]
    assert (test.claims, test.taken.mean, test.rejected.mean) == (1, 0.0, None)
    assert test.balanced == Estimate(mean=None, n=1)
    dev = support_report(CLAIMS[:1], places_of(CLAIMS, TEXTS), FakeAssistant(_yes))
    assert list(dev.splits) == ["dev"]


def test_the_interval_of_full_marks_stays_below_one() -> None:
    full = estimate([(str(n), 1.0) for n in range(10)])
    both = balanced(full, full)
    assert (both.mean, both.high) == (1.0, 1.0)
    assert both.low == pytest.approx(1 - (1 - (full.low or 0)) / 2**0.5, abs=1e-5)


def test_mutants_are_counted_in_all() -> None:
    dev = _report().splits["dev"]
    assert dev.mutants == sum(t.made for t in dev.mutation.mutants.values())
    assert dev.caught == 0  # whatever still says yes


@pytest.mark.parametrize(
    ("survivors", "show_test", "dev", "test"), [(0, True, 0, 0), (9, False, 1, 0), (9, True, 1, 1)]
)
def test_lines_of_test_are_shown_on_request_only(
    survivors: int, show_test: bool, dev: int, test: int
) -> None:
    report = shown(_report(), survivors, show_test)
    assert len(report.splits["dev"].missed) == dev
    assert len(report.splits["test"].missed) == test
    assert ("hidden" in report.model_dump_json()) is (test > 0)


def test_no_more_lines_are_shown_than_are_wanted_and_no_number_changes() -> None:
    full, cut = _report(lambda s, t: True), shown(_report(lambda s, t: True), 1, False)
    made = full.splits["dev"].mutation.mutants["number"]
    less = cut.splits["dev"].mutation.mutants["number"]
    assert (made.made, less.made, less.rate) == (3, 3, made.rate)
    assert less.unexpected == made.unexpected[:1]
    assert "hidden" not in cut.model_dump_json()
