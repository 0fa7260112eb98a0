"""Each fault of a claim, and the shipped files without any."""

from typing import Any

import pytest

from assistant.app import Assistant
from evals.support.lint import lint_claims
from evals.support.reading import read_claims
from tests.evals.support.make_claims import TEXTS, make_claim

KINDS = (
    "number, unit, date, negation, modality, frequency, named thing, population, comparator, "
    "scope, cause, addition, merged, condition, opposite"
)


def _faults(**fields: Any) -> list[str]:
    return lint_claims([make_claim(**fields)], TEXTS, least=0)


def test_sound_claims_have_no_fault() -> None:
    claims = [make_claim(), make_claim("b", quote="It ends.", change="opposite")]
    assert lint_claims(claims, TEXTS, least=1) == []
    assert lint_claims([], TEXTS, least=0) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"document_id": "none"}, "no document 'none' in the index"),
        ({"quote": "Drop the core."}, "its quote is not in guide"),
        ({"change": "number", "supported": True}, "supported, and says what was changed"),
        ({"supported": False}, f"not supported, and its change is none of {KINDS}"),
        ({"change": "mood"}, f"not supported, and its change is none of {KINDS}"),
        ({"claim": "keep the  CORE as it is"}, "the claim is its quote, word for word"),
    ],
)
def test_a_fault_is_named_with_file_and_id(fields: dict[str, Any], fault: str) -> None:
    assert _faults(**fields) == [f"dev.yaml: core: {fault}"]


def test_an_id_and_a_quote_are_used_once_over_all_files() -> None:
    claims = [
        make_claim("a"),
        make_claim("a", file="dev2.yaml", quote="It ends."),
        make_claim("b", file="test.yaml", quote="Keep the\ncore as it  is."),
    ]
    assert lint_claims(claims, TEXTS, least=0) == [
        "dev2.yaml: a: the id is used in dev.yaml too",
        "test.yaml: b: its quote is used in dev.yaml by a too",
    ]


def test_too_few_supported_claims_are_a_fault_of_the_whole() -> None:
    claims = [make_claim(), make_claim("b", quote="It ends.", change="opposite")]
    assert lint_claims(claims, TEXTS) == ["1 supported claims in all; there should be 80 at least"]


def test_no_fault_tells_what_a_claim_says() -> None:
    fields = {"document_id": "none", "quote": "Secret.", "claim": "secret", "change": "mood"}
    assert "secret" not in "".join(_faults(**fields, supported=True)).lower()


def test_the_shipped_claims_have_no_fault(library: Assistant) -> None:
    assert lint_claims(read_claims(()), library.documents()) == []
