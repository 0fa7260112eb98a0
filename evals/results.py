"""What a run found: one object, from which every report is written.

A measure that does not apply, or that could not be taken, says so and counts for nothing: no NaN
and no zero stands for "unknown". Nothing here depends on the clock, so equal runs are equal bytes.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

METRICS_VERSION = 4  # raised whenever a number changes its meaning

Outcome = Literal["pass", "fail", "not_applicable", "error"]
Stage = Literal["deciding", "search", "passages", "composing", "citing"]
Verdict = Literal["improved", "no change", "regressed", "not comparable"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Part):
    """One metric of one case. `value` is from 0 to 1, and there for pass and fail alone."""

    outcome: Outcome
    value: float | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.value is not None) != (self.outcome in ("pass", "fail")):
            raise ValueError("a measure has a value exactly if it passed or failed")
        if self.outcome in ("not_applicable", "error") and not self.reason:
            raise ValueError("what was not measured says why")
        return self


class Cited(_Part):
    """A citation of an answer, as a report shows it. Offsets are in characters of the text."""

    number: int
    document_id: str
    section: str
    start: int
    end: int
    quote: str


class CaseResult(_Part):
    """One case, asked. `cluster` groups cases that stand on one document.

    `wrong` are lines for people: nuggets missed, phrases that must not be said, broken citations.
    `blame` is the stage at which it failed, None if it did not: a low rank alone is no failure.
    `error` says why there is no answer; then no metric has a value.
    """

    id: str
    place: str
    split: Literal["dev", "test"]
    cluster: str
    topics: tuple[str, ...]
    answerable: bool
    unanswerable_class: str | None
    question: str
    history: tuple[str, ...]
    outcome: Literal["answered", "declined", "error"]
    confidence: float | None
    answer: str
    citations: tuple[Cited, ...]
    retrieved: tuple[str, ...]
    measures: dict[str, Measure]
    blame: Stage | None
    wrong: tuple[str, ...]
    error: str | None

    @property
    def failed(self) -> bool:
        """Whether a person would call it wrong."""
        return self.blame is not None


class Estimate(_Part):
    """A mean over the cases to which a metric applies, with its 95 % interval.

    `detectable` is the smallest change that a later run of as many cases would show with a power
    of 80 %. All are None where nothing was measured. `errors` could not be measured.
    """

    mean: float | None
    n: int
    low: float | None = None
    high: float | None = None
    detectable: float | None = None
    not_applicable: int = 0
    errors: int = 0


class Abstention(_Part):
    """Answering and declining: counts of the four kinds, and their F1, None if undefined."""

    answered_rightly: int
    declined_wrongly: int
    declined_rightly: int
    answered_wrongly: int
    f1_answer: float | None
    f1_decline: float | None
    macro: float | None


class RiskPoint(_Part):
    """The share of questions answered at a threshold, and the share of those that are wrong."""

    threshold: float
    coverage: float
    risk: float


class Summary(_Part):
    """One split of one product. Keys of `estimates` are names of metrics.

    `aurc` is the mean risk over all coverages; `coverage_at_risk` the largest share answered with
    at most 5 % wrong; `auroc` the chance that an answerable question is the more confident one.
    """

    split: Literal["dev", "test"]
    cases: int
    errors: int
    estimates: dict[str, Estimate]
    by_topic: dict[str, dict[str, Estimate]]
    declined_by_class: dict[str, Estimate]
    abstention: Abstention
    risk_coverage: tuple[RiskPoint, ...]
    aurc: float | None
    coverage_at_risk: float | None
    auroc: float | None
    blame: dict[Stage, int]


class Fingerprint(_Part):
    """What has to be equal for two runs to be comparable, and what may differ between them.

    `cases` is the sha256 of all cases as asked; `index` and `prompts` come from the product.
    """

    cases: str
    metrics: int
    index: str
    engine: str
    prompts: dict[str, str]
    settings: dict[str, str]


class Product(_Part):
    """One way to answer, asked all cases. Runs that differ in a setting stand side by side."""

    name: str
    fingerprint: Fingerprint
    cases: tuple[CaseResult, ...]
    summaries: tuple[Summary, ...]


class CheckResult(_Part):
    """A check of many answers at once, such as the same questions mistyped.

    `measured` pairs were looked at, `held` of them were as they should be; `broken` names others.
    `bound` is the share that must hold, None where the number is for information.
    """

    name: str
    title: str
    measured: int
    held: int
    bound: float | None
    broken: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether enough hold. What could not be measured does not pass."""
        return self.bound is None or (self.measured > 0 and self.held >= self.bound * self.measured)


class Gate(_Part):
    """One condition of a good run, with what was found. `stage` is to blame if it failed."""

    name: str
    passed: bool
    found: str
    stage: Stage | None = None


class Change(_Part):
    """A metric of one split in two runs over the same cases. `difference` is new minus old.

    `p` is of a paired test by cluster; `tolerance` what may be lost without a word.
    """

    split: Literal["dev", "test"]
    metric: str
    old: float | None
    new: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int
    tolerance: float
    verdict: Verdict
    reason: str = ""


class Comparison(_Part):
    """Two runs. `newly_failing` and `newly_passing` are ids; `blame` the change in failures."""

    verdict: Verdict
    reason: str
    changes: tuple[Change, ...]
    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]
    citations_changed: tuple[str, ...]
    blame: dict[Stage, int]


class Run(_Part):
    """All that a run found. The first product is the one that gates judge."""

    products: tuple[Product, ...]
    checks: tuple[CheckResult, ...]
    gates: tuple[Gate, ...]
    comparison: Comparison | None
    exit_code: Literal[0, 1, 2, 3]


class Timing(_Part):
    """Seconds of one product: of its answers, by case, and of the whole run; memory in MiB."""

    product: str
    answers: dict[str, float]
    total: float
    peak_mib: float


class Timings(_Part):
    """What differs between equal runs, kept apart from them."""

    products: tuple[Timing, ...]
