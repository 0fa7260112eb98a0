"""What a claim may hold."""

import pytest
from pydantic import ValidationError

from tests.evals.support.make_claims import make_claim


def test_a_claim_knows_its_file_and_split() -> None:
    claim = make_claim(file="test2.yaml")
    assert (claim.file, claim.split) == ("test2.yaml", "test")
    assert make_claim().of("dev3.yaml", "dev").file == "dev3.yaml"


@pytest.mark.parametrize(
    "fields", [{"id": "Big"}, {"id": ""}, {"quote": ""}, {"claim": ""}, {"document_id": ""},
               {"colour": "red"}],
)  # fmt: skip
def test_a_broken_claim_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        make_claim(**fields)


def test_a_claim_is_frozen() -> None:
    with pytest.raises(ValidationError):
        make_claim().claim = "Else."  # type: ignore[misc]
