"""When two runs can be compared, what is called better or worse, and what a baseline keeps."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UsageError
from evals.compare import compare, comparison_table, read_baseline, write_baseline
from evals.metrics import METRICS, Metric
from evals.results import (
    CaseResult,
    Change,
    Cited,
    Comparison,
    Fingerprint,
    Measure,
    Product,
    Verdict,
)

SOFT = {"recall": Metric("facts", "composing", "all", lambda _: True, tolerance=0.01)}
HARD = {"exact": Metric("exact", "citing", "all", lambda _: True, tolerance=0.0, hard=True)}

NOT_APPLICABLE = Measure(outcome="not_applicable", reason="nothing cited")
BROKEN = Measure(outcome="error", reason="timeout: no answer")


def measured(value: float | None) -> Measure:
    """A measure of that value, not applicable without one."""
    if value is None:
        return NOT_APPLICABLE
    return Measure(outcome="pass" if value == 1 else "fail", value=value)


def make_result(name: str, measures: dict[str, Measure] | None = None, **fields: Any) -> CaseResult:
    """A dev case in a cluster of its own, answered."""
    usual: dict[str, Any] = {
        "id": name, "place": "set.yaml:1", "split": "dev", "cluster": name, "topics": (),
        "answerable": True, "unanswerable_class": None, "question": f"What of {name}?",
        "history": (), "outcome": "answered", "confidence": 0.5, "answer": "It is.",
        "citations": (), "retrieved": (), "measures": measures or {}, "blame": None, "wrong": (),
        "error": None,
    }  # fmt: skip
    return CaseResult.model_validate(usual | fields)


def make_product(results: Sequence[CaseResult], **fingerprint: Any) -> Product:
    usual: dict[str, Any] = {
        "cases": "sha-of-cases", "metrics": 4, "index": "i", "engine": "extractive",
        "prompts": {}, "settings": {},
    }  # fmt: skip
    return Product(
        name="product",
        fingerprint=Fingerprint.model_validate(usual | fingerprint),
        cases=tuple(results),
        summaries=(),
    )


def of_values(
    values: Sequence[float | None],
    metric: str = "recall",
    split: Literal["dev", "test"] = "dev",
    clusters: str = "",
) -> Product:
    """A product with one metric, and a case for each of its values."""
    return make_product(
        [
            make_result(
                f"case-{n:02}",
                {metric: measured(value)},
                split=split,
                cluster=clusters[n] if clusters else f"c{n}",
            )
            for n, value in enumerate(values)
        ]
    )


def make_citation(start: int, document_id: str = "guide", quote: str = "Keep the core.") -> Cited:
    return Cited(
        number=1, document_id=document_id, section="Core", start=start, end=start + 14, quote=quote
    )


# --- what cannot be compared


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            make_product([make_result("a", {"recall": measured(1)})], cases="one"),
            make_product([make_result("a", {"recall": measured(1)})], cases="two"),
            "cases differ in what they say",
        ),
        (
            make_product([make_result("a", {"recall": measured(1)})], metrics=3),
            make_product([make_result("a", {"recall": measured(1)})], metrics=4),
            "versions of the metrics differ: 3 and 4",
        ),
        (
            make_product([make_result("a"), make_result("b")], metrics=3),
            make_product([make_result("b")]),
            "versions of the metrics differ: 3 and 4; "
            "cases differ: 1 only in the old run, 0 only in the new",
        ),
        (make_product([]), make_product([]), "nothing was measured in both runs"),
        (of_values([None]), of_values([None]), "nothing was measured in both runs"),
    ],
)
def test_runs_are_not_comparable_if(old: Product, new: Product, reason: str) -> None:
    found = compare(old, new, SOFT)
    assert (found.verdict, found.reason, found.changes) == ("not comparable", reason, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([1, 1, 1, 1, 0], [1, 1, None, None, None]),
        ([1, None, None], [1, 1, 1]),
        ([1], [None]),
    ],
)
def test_a_metric_that_one_run_mostly_lacks_makes_all_incomparable(
    old: list[float | None], new: list[float | None]
) -> None:
    found = compare(of_values(old), of_values(new), SOFT)
    (change,) = found.changes
    assert (found.verdict, change.verdict) == ("not comparable", "not comparable")
    assert "measured in both runs for" in change.reason
    assert change.reason in found.reason
    assert change.difference is None


def test_a_metric_that_one_run_lacks_for_some_is_compared_over_the_others() -> None:
    found = compare(of_values([1, 1, 0, 1]), of_values([1, 1, 0, None]), SOFT)
    (change,) = found.changes
    assert (change.n, change.old, change.verdict) == (3, 0.666667, "no change")
    assert change.reason == "1 more cases were measured in one run alone"
    assert compare(of_values([1, 1]), of_values([1, None]), SOFT).verdict == "no change"


@pytest.mark.parametrize("measures", [{"recall": BROKEN}, {}])
def test_a_metric_that_neither_run_could_measure_does_not_pass(
    measures: dict[str, Measure],
) -> None:
    other = {"exact": measured(1)}
    product = make_product([make_result("a", measures | other)])
    found = compare(product, product, SOFT | HARD)
    assert [change.verdict for change in found.changes] == ["not comparable", "no change"]
    assert found.verdict == "not comparable"


def test_a_metric_that_applies_to_no_case_of_a_split_has_no_change() -> None:
    product = make_product(
        [
            make_result("a", {"recall": NOT_APPLICABLE, "exact": measured(1)}),
            make_result("b", {"recall": BROKEN, "exact": BROKEN}, error="timeout", outcome="error"),
            make_result("c", {"recall": NOT_APPLICABLE, "exact": measured(1)}),
        ]
    )
    found = compare(product, product, SOFT | HARD)
    assert [change.metric for change in found.changes] == ["exact"]
    assert found.verdict == "no change"


# --- better, worse, and neither


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([1] * 6, [0] * 6, "regressed"),  # p = 2 / 64
        ([0] * 6, [1] * 6, "improved"),
        ([1] * 5, [0] * 5, "no change"),  # p = 2 / 32
        ([1] * 6 + [0], [0] * 6 + [1], "no change"),  # 16 of 128 sums are 5 or more
        ([1] * 6, [0.995] * 6, "no change"),  # within the tolerance
        ([1] * 6, [0.99] * 6, "no change"),  # just the tolerance
        ([1] * 6, [0.98] * 6, "regressed"),
    ],
)
def test_a_soft_metric_is_judged_by_tolerance_and_p(
    old: list[float], new: list[float], verdict: Verdict
) -> None:
    found = compare(of_values(old), of_values(new), SOFT)
    assert (found.verdict, found.changes[0].verdict) == (verdict, verdict)


def test_cases_of_one_document_are_one_witness() -> None:
    found = compare(of_values([1] * 6, clusters="aabbcc"), of_values([0] * 6), SOFT)
    assert found.changes[0].p == 0.03125  # the clusters are those of the new run
    found = compare(of_values([1] * 6), of_values([0] * 6, clusters="aabbcc"), SOFT)
    assert (found.changes[0].p, found.verdict) == (0.25, "no change")  # 2 of 8


@pytest.mark.parametrize(
    ("old", "new", "verdict", "reason"),
    [
        ([1, 1, 1], [1, 0, 1], "regressed", "lost in case-01"),
        ([0, 1, 1], [1, 0, 0], "regressed", "lost in case-01, case-02"),
        ([0, 1, 1], [1, 1, 1], "improved", ""),
        ([0, 1, 1], [0, 1, 1], "no change", ""),
    ],
)
def test_a_hard_metric_regresses_with_any_loss(
    old: list[float], new: list[float], verdict: Verdict, reason: str
) -> None:
    found = compare(of_values(old, "exact"), of_values(new, "exact"), HARD)
    assert (found.verdict, found.changes[0].reason) == (verdict, reason)


def test_a_change_has_its_numbers() -> None:
    found = compare(of_values([1, 1, 0, 0.5]), of_values([1, 0, 0, 1]), SOFT)
    assert found.changes == (
        Change(
            split="dev", metric="recall", old=0.625, new=0.5, difference=-0.125,
            low=found.changes[0].low, high=found.changes[0].high,
            p=1.0,  # the sums of -1 and 0.5: none is nearer to 0
            n=4, tolerance=0.01, verdict="no change",
        ),
    )  # fmt: skip
    assert found.changes[0].low is not None
    assert found.changes[0].high is not None
    assert -1 <= found.changes[0].low < -0.125 < found.changes[0].high <= 0.5


def test_splits_are_judged_apart_and_the_worst_verdict_counts() -> None:
    def product(dev: float, test: float) -> Product:
        return make_product(
            [
                make_result(f"{split}-{n}", {"recall": measured(value)}, split=split)
                for split, value in (("dev", dev), ("test", test))
                for n in range(6)
            ]
        )

    found = compare(product(0, 1), product(1, 0), SOFT)
    assert [(c.split, c.verdict) for c in found.changes] == [
        ("dev", "improved"),
        ("test", "regressed"),
    ]
    assert (found.verdict, found.reason) == ("regressed", "test recall")


def test_cases_that_began_to_fail_are_named() -> None:
    passes, fails = {"recall": measured(1)}, {"recall": measured(0)}
    error: dict[str, Any] = {"outcome": "error", "error": "timeout", "measures": {"recall": BROKEN}}
    old = make_product(
        [
            make_result("same", passes),
            make_result("worse", passes),
            make_result("better", fails, blame="search"),
            make_result("stuck", passes),
            make_result("still", fails, blame="search"),
            make_result("back", **error),
        ]
    )
    new = make_product(
        [
            make_result("back", passes),
            make_result("still", fails, blame="composing"),
            make_result("stuck", **error),
            make_result("better", passes),
            make_result("worse", fails, blame="composing"),
            make_result("same", passes),
        ]
    )
    found = compare(old, new, SOFT)
    assert found.newly_failing == ("stuck", "worse")
    assert found.newly_passing == ("back", "better")
    assert found.blame == {"composing": 2, "search": -2}


def test_stages_that_fail_as_often_are_left_out() -> None:
    fails = {"recall": measured(0)}
    old = make_product([make_result("a", fails, blame="search"), make_result("b", fails)])
    new = make_product([make_result("a", fails), make_result("b", fails, blame="search")])
    assert compare(old, new, SOFT).blame == {}


def test_citations_are_compared_by_where_they_stand() -> None:
    def product(*citations: tuple[Cited, ...]) -> Product:
        return make_product(
            [
                make_result(f"c{n}", {"recall": measured(1)}, citations=cited)
                for n, cited in enumerate(citations)
            ]
        )

    one, two = make_citation(0), make_citation(30)
    requoted = make_citation(0, quote="")
    elsewhere = make_citation(0, document_id="other")
    longer = one.model_copy(update={"end": 20})
    found = compare(
        product((one,), (one, two), (one,), (one,), (), (one,)),
        product((requoted,), (two, one), (elsewhere,), (one, two), (), (longer,)),
        SOFT,
    )
    assert found.citations_changed == ("c1", "c2", "c3", "c5")


# --- properties

_VALUES = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0, None]),
        st.sampled_from([0.0, 0.5, 1.0, None]),
        st.sampled_from("abcdefgh"),
    ),
    min_size=1,
    max_size=14,
)
_MIRRORED: dict[Verdict, Verdict] = {"improved": "regressed", "regressed": "improved"}


@settings(deadline=None, max_examples=60)
@given(_VALUES)
def test_swapping_old_and_new_mirrors_the_comparison(
    values: list[tuple[float | None, float | None, str]],
) -> None:
    clusters = "".join(cluster for _, _, cluster in values)
    old = of_values([a for a, _, _ in values], clusters=clusters)
    new = of_values([b for _, b, _ in values], clusters=clusters)
    there, back = compare(old, new, SOFT), compare(new, old, SOFT)
    assert there == compare(old, new, SOFT)
    assert back.verdict == _MIRRORED.get(there.verdict, there.verdict)
    assert there.newly_failing == back.newly_passing
    for one, other in zip(there.changes, back.changes, strict=True):
        assert (one.old, one.new, one.n) == (other.new, other.old, other.n)
        if one.difference is not None and other.difference is not None:
            assert one.difference == pytest.approx(-other.difference, abs=2e-6)
            assert one.p == pytest.approx(other.p)
        if one.low is not None and other.high is not None:
            assert one.low == pytest.approx(-other.high, abs=2e-6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([0.0, 1 / 3, 1.0, None]), min_size=1, max_size=10))
def test_a_run_does_not_differ_from_itself(values: list[float | None]) -> None:
    product = of_values([*values, 1.0])
    found = compare(product, product, SOFT)
    assert (found.verdict, found.reason) == ("no change", "")
    assert (found.newly_failing, found.newly_passing, found.citations_changed) == ((), (), ())
    assert found.blame == {}
    (change,) = found.changes
    assert (change.difference, change.low, change.high, change.p) == (0.0, 0.0, 0.0, 1.0)
    assert change.verdict == "no change"


def test_all_metrics_of_the_evaluation_can_be_compared() -> None:
    product = make_product([make_result("a", {name: measured(1) for name in METRICS})])
    found = compare(product, product, METRICS)
    assert [change.metric for change in found.changes] == list(METRICS)
    assert found.verdict == "no change"


# --- the baseline


def full_product() -> Product:
    """A product with every text that a case can hold."""
    cases = [
        make_result(
            "a",
            {"recall": Measure(outcome="fail", value=1 / 3, reason="SECRET"), "exact": BROKEN},
            question="SECRET?", history=("SECRET before",), answer="SECRET answer [1]",
            citations=(make_citation(3, quote="SECRET quote"),), retrieved=("SECRET:a:0",),
            wrong=("does not say: SECRET",), blame="composing",
        ),
        make_result(
            "b",
            {"recall": Measure(outcome="error", reason="SECRET"), "exact": NOT_APPLICABLE},
            outcome="error", error="SECRET in a message", confidence=None, answer="",
        ),
    ]  # fmt: skip
    return make_product(cases, settings={"engine": "extractive"})


def test_a_baseline_compares_as_the_run_it_came_from(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "baseline.json"
    write_baseline(path, full_product())
    kept = read_baseline(path)
    newer = full_product().model_copy(
        update={
            "cases": tuple(c.model_copy(update={"citations": ()}) for c in full_product().cases)
        }
    )
    assert compare(kept, newer, SOFT | HARD) == compare(full_product(), newer, SOFT | HARD)
    assert kept.fingerprint == full_product().fingerprint
    assert kept.cases[0].measures["recall"].value == 1 / 3
    assert kept.cases[1].error == "error"


def test_a_baseline_holds_no_texts(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, full_product())
    text = path.read_text("utf-8")
    assert "SECRET" not in text
    assert "Core" not in text
    assert text.endswith("}\n")
    assert len(text.splitlines()) == len(json.loads(text)["cases"]) + 2


def test_an_equal_product_is_an_equal_baseline(tmp_path: Path) -> None:
    write_baseline(tmp_path / "one.json", full_product())
    write_baseline(tmp_path / "two.json", read_baseline(tmp_path / "one.json"))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_missing_baseline_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no baseline") as caught:
        read_baseline(tmp_path / "none.json")
    assert "--update-baseline" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "product"}', "not json", '{"a": 1}'])
def test_a_broken_baseline_says_where_and_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, "utf-8")
    with pytest.raises(
        UsageError, match=r"baseline\.json is no baseline of this version"
    ) as caught:
        read_baseline(path)
    assert caught.value.remedy.startswith("Delete it.")


def test_a_file_that_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_baseline(tmp_path, full_product())
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path / "latin.json")


# --- the table


def test_the_table_has_a_line_for_each_metric_and_split() -> None:
    comparison = Comparison(
        verdict="regressed",
        reason="dev recall",
        changes=(
            Change(
                split="dev", metric="recall", old=0.8, new=0.7, difference=-0.1, low=-0.18,
                high=-0.02, p=0.0123, n=120, tolerance=0.01, verdict="regressed",
            ),
            Change(
                split="test", metric="exact", old=None, new=None, difference=None, low=None,
                high=None, p=None, n=0, tolerance=0.0, verdict="not comparable", reason="no luck",
            ),
        ),
        newly_failing=("a", "b"),
        newly_passing=(),
        citations_changed=("c",),
        blame={"composing": -1, "search": 2},
    )  # fmt: skip
    assert comparison_table(comparison).splitlines() == [
        "split  metric  old    new    difference               p      n    verdict",
        "dev    recall  0.800  0.700  -0.100 [-0.180, -0.020]  0.012  120  regressed",
        "test   exact   -      -      -                        -      0    not comparable",
        "test exact: no luck",
        "newly failing (2): a, b",
        "citations changed (1): c",
        "failures by stage: composing -1, search +2",
        "verdict: regressed (dev recall)",
    ]


def test_the_table_of_what_cannot_be_compared_is_its_reason() -> None:
    found = compare(make_product([], metrics=1), make_product([], metrics=2), SOFT)
    assert comparison_table(found) == (
        "verdict: not comparable (versions of the metrics differ: 1 and 2)"
    )
