"""Files of claims, and what is said of broken ones."""

from pathlib import Path

import pytest

from evals.cases import DatasetError
from evals.support.reading import SHIPPED, read_claims, split_of

GOOD = """\
- id: one
  document_id: guide
  quote: >-
    Keep the core.
  claim: It stays.
  supported: true
  change: null
- id: two
  document_id: guide
  quote: Four coaches.
  claim: Five coaches.
  supported: false
  change: number
"""


def _file(folder: Path, text: str, name: str = "dev.yaml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_claims_are_read_in_their_order_with_file_and_split(tmp_path: Path) -> None:
    dev, test = _file(tmp_path, GOOD, "dev3.yaml"), _file(tmp_path, GOOD, "test.yaml")
    found = read_claims([dev, test])
    assert [(claim.file, claim.split, claim.id) for claim in found] == [
        ("dev3.yaml", "dev", "one"), ("dev3.yaml", "dev", "two"),
        ("test.yaml", "test", "one"), ("test.yaml", "test", "two"),
    ]  # fmt: skip
    assert found[0].quote == "Keep the core."
    assert (found[1].supported, found[1].change) == (False, "number")


def test_without_files_all_shipped_ones_are_read() -> None:
    assert {claim.file for claim in read_claims(())} == {f.name for f in SHIPPED.glob("*.yaml")}


@pytest.mark.parametrize(
    ("name", "split"),
    [("dev.yaml", "dev"), ("dev12.yaml", "dev"), ("dev-more.yaml", "dev"), ("test.yaml", "test"),
     ("test2.yaml", "test")],
)  # fmt: skip
def test_the_name_of_a_file_says_its_split(name: str, split: str) -> None:
    assert split_of(Path("somewhere") / name) == split


@pytest.mark.parametrize("name", ["tests.yaml", "claims.yaml", "3.yaml"])
def test_a_name_that_says_no_split_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DatasetError, match=rf"{name}: its name says no split\."):
        read_claims([_file(tmp_path, GOOD, name)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "dev.yaml: not a list of claims."),
        ("[]", "dev.yaml: not a list of claims."),
        ("a: b", "dev.yaml: not a list of claims."),
        ("- [", "dev.yaml: while parsing"),
        ("- just words", "dev.yaml: claim 1: claim: Input should be a valid dict"),
        (GOOD.replace("claim: It stays.\n", "colour: red\n"),
         "dev.yaml: one: claim: Field required; colour: Extra inputs are not permitted."),
        (GOOD.replace("supported: false", "supported: 'no'"), "dev.yaml: two: supported: "),
        (GOOD.replace("id: two", "name: two"), "dev.yaml: claim 2: id: Field required"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_the_claim_and_what_is_wrong(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        read_claims([_file(tmp_path, text)])
    assert said in str(caught.value)


def test_a_file_that_is_missing_or_no_text_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No such file"):
        read_claims([tmp_path / "dev.yaml"])
    (tmp_path / "dev.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(DatasetError, match=r"dev\.yaml: .*decode"):
        read_claims([tmp_path / "dev.yaml"])
