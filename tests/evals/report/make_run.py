"""A small run for the tests of the reports: two dev cases, a dev error, and a test case."""

from typing import Any

from evals.results import (
    Abstention,
    CaseResult,
    Change,
    CheckResult,
    Cited,
    Comparison,
    Estimate,
    Fingerprint,
    Gate,
    Measure,
    Product,
    RiskPoint,
    Run,
    Summary,
    Timing,
    Timings,
)

SECRET = "zebra"  # stands in every text of the test case
ATTACK = "Keep </script><script>document.title = 'owned'</script><img src=x onerror=alert(1)>."
PASSED = Measure(outcome="pass", value=1.0)


def make_case(name: str = "core", **fields: Any) -> CaseResult:
    """A dev case that was answered rightly."""
    usual: dict[str, Any] = {
        "id": name,
        "place": "datasets/starter.yaml:1",
        "split": "dev",
        "cluster": "guide",
        "topics": ("adaptation",),
        "answerable": True,
        "unanswerable_class": None,
        "question": f"What about {name}?",
        "history": (),
        "outcome": "answered",
        "confidence": 0.9,
        "answer": "Keep the core as it is [1].",
        "citations": (make_cited("Keep the core as it is."),),
        "retrieved": ("guide:a:0", "other:a:0"),
        "measures": {"outcome": PASSED, "vital_recall": PASSED, "integrity": PASSED},
        "blame": None,
        "wrong": (),
        "error": None,
    }
    return CaseResult.model_validate(usual | fields)


def make_cited(quote: str) -> Cited:
    return Cited(
        number=1, document_id="guide", section="Adapting", start=9, end=9 + len(quote), quote=quote
    )


def make_failure(name: str = "visits", **fields: Any) -> CaseResult:
    """A dev case whose answer lacks a fact and tries to be markup."""
    usual: dict[str, Any] = {
        "topics": ("teams", "data"),
        "question": "How often do coaches visit?",
        "history": ("What is a coach?",),
        "answer": ATTACK,
        "citations": (make_cited("Coaches visit every 2 weeks."),),
        "measures": {
            "outcome": PASSED,
            "vital_recall": Measure(outcome="fail", value=0.5),
            "first_citation": Measure(outcome="not_applicable", reason="only for some"),
        },
        "blame": "composing",
        "wrong": ("does not say: every 2 weeks\nor so", "says: <b>weekly</b>"),
    }
    return make_case(name, **usual | fields)


def make_error(name: str = "slow", **fields: Any) -> CaseResult:
    """A dev case that could not be asked."""
    usual: dict[str, Any] = {
        "outcome": "error",
        "confidence": None,
        "answer": "",
        "citations": (),
        "retrieved": (),
        "measures": {"outcome": Measure(outcome="error", reason="The index is damaged.")},
        "error": "The index is damaged.",
    }
    return make_case(name, **usual | fields)


def make_secret(name: str = "hidden", **fields: Any) -> CaseResult:
    """A test case that failed, with the secret in all of its texts."""
    usual: dict[str, Any] = {
        "place": f"{SECRET}.yaml:1",
        "split": "test",
        "answerable": False,
        "unanswerable_class": "local_fact",
        "question": f"Where is the {SECRET}?",
        "history": (f"Is there a {SECRET}?",),
        "answer": f"The {SECRET} is here.",
        "citations": (make_cited(f"A {SECRET} quote."),),
        "retrieved": (f"{SECRET}:a:0",),
        "measures": {
            "outcome": Measure(outcome="fail", value=0.0),
            "vital_recall": Measure(outcome="not_applicable", reason=f"no {SECRET}"),
        },
        "blame": "deciding",
        "wrong": (f"says: {SECRET}",),
    }
    return make_failure(name, **usual | fields)


def make_summary(split: str = "dev", **fields: Any) -> Summary:
    usual: dict[str, Any] = {
        "split": split,
        "cases": 3,
        "errors": 1,
        "estimates": {
            "outcome": Estimate(mean=1.0, n=2, low=0.34, high=1.0, detectable=0.4, errors=1),
            "vital_recall": Estimate(mean=0.75, n=2, low=0.5, high=1.0, errors=1),
            "two_sources": Estimate(mean=None, n=0, not_applicable=3),
        },
        "by_topic": {
            "adaptation": {"vital_recall": Estimate(mean=1.0, n=1)},
            "teams": {"vital_recall": Estimate(mean=0.5, n=4, low=0.2, high=0.8)},
        },
        "declined_by_class": {"local_fact": Estimate(mean=0.5, n=2, low=0.1, high=0.9)},
        "abstention": Abstention(
            answered_rightly=2, declined_wrongly=0, declined_rightly=0, answered_wrongly=0,
            f1_answer=1.0, f1_decline=None, macro=None,
        ),
        "risk_coverage": (
            RiskPoint(threshold=0.5, coverage=1.0, risk=0.25),
            RiskPoint(threshold=0.9, coverage=0.5, risk=0.0),
        ),
        "aurc": 0.125,
        "coverage_at_risk": 0.5,
        "auroc": None,
        "blame": {"composing": 1},
    }  # fmt: skip
    return Summary.model_validate(usual | fields)


def make_product(name: str = "extractive", **fields: Any) -> Product:
    usual: dict[str, Any] = {
        "name": name,
        "fingerprint": Fingerprint(
            cases="c0ffee", metrics=4, index="1ndex", engine=name, prompts={"answer": "a1"},
            settings={"k": "10"},
        ),
        "cases": (make_case(), make_failure(), make_error(), make_secret()),
        "summaries": (make_summary(), make_summary("test", cases=1, errors=0, blame={})),
    }  # fmt: skip
    return Product.model_validate(usual | fields)


def make_change(**fields: Any) -> Change:
    usual: dict[str, Any] = {
        "split": "dev",
        "metric": "vital_recall",
        "old": 0.85,
        "new": 0.75,
        "difference": -0.1,
        "low": -0.18,
        "high": -0.02,
        "p": 0.012,
        "n": 113,
        "tolerance": 0.01,
        "verdict": "regressed",
    }
    return Change.model_validate(usual | fields)


def make_comparison(**fields: Any) -> Comparison:
    usual: dict[str, Any] = {
        "verdict": "regressed",
        "reason": "vital facts were lost",
        "changes": (
            make_change(),
            make_change(
                metric="outcome", old=0.9, new=0.9, difference=0.0, low=-0.01, high=0.01, p=1.0,
                verdict="no change",
            ),
        ),
        "newly_failing": ("visits",),
        "newly_passing": ("core",),
        "citations_changed": ("core", "visits"),
        "blame": {"composing": 1, "search": -1},
    }  # fmt: skip
    return Comparison.model_validate(usual | fields)


def make_check(**fields: Any) -> CheckResult:
    usual: dict[str, Any] = {
        "name": "typos",
        "title": "Mistyped questions",
        "measured": 4,
        "held": 3,
        "bound": 0.9,
        "broken": ("visits: another answer", f"hidden: {SECRET}", f"a {SECRET}"),
    }
    return CheckResult.model_validate(usual | fields)


def make_run(**fields: Any) -> Run:
    """A run in which one of two gates failed."""
    usual: dict[str, Any] = {
        "products": (make_product(),),
        "checks": (make_check(),),
        "gates": (
            Gate(name="integrity", passed=True, found="0 of 3 fail", stage="citing"),
            Gate(name="typos", passed=False, found="3 of 4 hold", stage="search"),
        ),
        "comparison": make_comparison(),
        "exit_code": 1,
    }
    return Run.model_validate(usual | fields)


def make_timings() -> Timings:
    """Four answers, of which the median takes 0.3 s."""
    answers = {"core": 0.1, "visits": 0.2, "slow": 0.4, "hidden": 0.9}
    return Timings(
        products=(Timing(product="extractive", answers=answers, total=2.0, peak_mib=512.4),)
    )
