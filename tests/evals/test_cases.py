"""Datasets that can be read, and what is said of those that cannot."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from evals.cases import Case, DatasetError, Evidence, Match, Nugget, asked_of, read_dataset

ANSWERABLE: dict[str, Any] = {
    "id": "core",
    "question": "What must stay?",
    "answerable": True,
    "nuggets": [
        {
            "id": "keep",
            "text": "Keep the core.",
            "importance": "vital",
            "match": {"all_of": ["core"]},
            "evidence": [{"document_id": "guide", "quote": "Keep the core"}],
        }
    ],
    "gold": [{"document_id": "guide", "quote": "Keep the core", "grade": 2}],
    "split": "dev",
    "source": "a test",
    "labelled_by": "hand",
}
UNANSWERABLE: dict[str, Any] = {
    "id": "weather",
    "question": "Will it rain?",
    "answerable": False,
    "unanswerable_class": "other_field",
    "split": "test",
    "source": "a test",
    "labelled_by": "hand",
}
INCOMPLETE = "case: Value error, an answerable case has nuggets and gold, and no class"
OVERCOMPLETE = "case: Value error, an unanswerable case has a class, and neither nuggets nor gold"
NO_MATCH = "nuggets.0.match: Value error, a match needs all_of, any_of or numbers"


def _write(path: Path, *cases: Any) -> Path:
    file = path / "set.yaml"
    file.write_text(yaml.safe_dump(list(cases)), "utf-8")
    return file


def _nugget(**fields: Any) -> list[dict[str, Any]]:
    return [ANSWERABLE["nuggets"][0] | fields]


def test_a_dataset_is_read_in_its_order_with_defaults_filled_in(tmp_path: Path) -> None:
    cases = read_dataset(_write(tmp_path, UNANSWERABLE, ANSWERABLE))
    assert [case.id for case in cases] == ["weather", "core"]
    keep = Nugget(
        id="keep",
        text="Keep the core.",
        importance="vital",
        match=Match(all_of=("core",)),
        evidence=(Evidence(document_id="guide", quote="Keep the core", grade=3),),
    )
    assert cases[1] == Case(
        id="core",
        question="What must stay?",
        history=(),
        answerable=True,
        unanswerable_class=None,
        nuggets=(keep,),
        must_not_say=(),
        gold=(Evidence(document_id="guide", quote="Keep the core", grade=2),),
        paraphrases=(),
        tags=(),
        split="dev",
        source="a test",
        labelled_by="hand",
    )


def test_a_case_asks_for_a_list_if_it_is_tagged_so() -> None:
    assert Case.model_validate(ANSWERABLE | {"tags": ["teams", "list"]}).asks_for_a_list
    assert not Case.model_validate(ANSWERABLE | {"tags": ["lists"]}).asks_for_a_list
    assert not Case.model_validate(ANSWERABLE).asks_for_a_list


def test_a_missing_dataset_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == f"{file}: [Errno 2] No such file or directory: '{file}'."
    assert caught.value.remedy == "Name a YAML file of cases."
    assert caught.value.exit_code == 2


def test_a_folder_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    assert caught.value.message == f"{tmp_path}: [Errno 21] Is a directory: '{tmp_path}'."


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_text("- id: a\n  question: [open\n", "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message.startswith(f"{file}: while parsing a flow sequence")
    assert "line 2, column 13" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.remedy == "Name a YAML file of cases."


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_bytes(b"- id: caf\xe9\n")
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message.startswith(f"{file}: 'utf-8' codec can't decode byte 0xe9")


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "id: core\n", "core", "3"])
def test_what_is_not_a_list_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == f"{file} is not a list of cases."
    assert caught.value.remedy == "See evals/README.md."


@pytest.mark.parametrize("value", ["2024-13-45", "!!int many"])
def test_a_value_that_yaml_cannot_make_is_named(tmp_path: Path, value: str) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(f"- id: core\n  source: {value}\n", "utf-8")
    with pytest.raises(DatasetError, match=r"set\.yaml: "):
        read_dataset(file)


@pytest.mark.parametrize(
    ("record", "name", "fault"),
    [
        (ANSWERABLE | {"colour": "red"}, "core", "colour: Extra inputs are not permitted"),
        (ANSWERABLE | {"nuggets": []}, "core", INCOMPLETE),
        (ANSWERABLE | {"gold": []}, "core", INCOMPLETE),
        (ANSWERABLE | {"unanswerable_class": "language"}, "core", INCOMPLETE),
        (UNANSWERABLE | {"nuggets": ANSWERABLE["nuggets"]}, "weather", OVERCOMPLETE),
        (UNANSWERABLE | {"gold": ANSWERABLE["gold"]}, "weather", OVERCOMPLETE),
        (UNANSWERABLE | {"unanswerable_class": None}, "weather", OVERCOMPLETE),
        (
            UNANSWERABLE | {"unanswerable_class": "silly"},
            "weather",
            "unanswerable_class: Input should be 'other_field', 'other_sense', 'local_fact', "
            "'no_document', 'professional', 'instruction' or 'language'",
        ),
        (ANSWERABLE | {"split": "train"}, "core", "split: Input should be 'dev' or 'test'"),
        (
            ANSWERABLE | {"id": "Core 1"},
            "Core 1",
            "id: String should match pattern '^[a-z0-9][a-z0-9-]*$'",
        ),
        (
            ANSWERABLE | {"question": ""},
            "core",
            "question: String should have at least 1 character",
        ),
        (ANSWERABLE | {"nuggets": _nugget(match={})}, "core", NO_MATCH),
        (ANSWERABLE | {"nuggets": _nugget(match={"forbid": ["never"]})}, "core", NO_MATCH),
        (
            ANSWERABLE | {"nuggets": _nugget(match={"numbers": [4]})},
            "core",
            "nuggets.0.match.numbers.0: Input should be a valid string",
        ),
        (
            ANSWERABLE | {"nuggets": _nugget(importance="great")},
            "core",
            "nuggets.0.importance: Input should be 'vital' or 'okay'",
        ),
        (
            ANSWERABLE | {"nuggets": _nugget(evidence=[])},
            "core",
            "nuggets.0.evidence: Tuple should have at least 1 item after validation, not 0",
        ),
        (
            ANSWERABLE | {"gold": [{"document_id": "guide", "quote": "", "grade": 4}]},
            "core",
            "gold.0.quote: String should have at least 1 character; "
            "gold.0.grade: Input should be less than or equal to 3",
        ),
        (
            {key: value for key, value in UNANSWERABLE.items() if key != "id"},
            "2",
            "id: Field required",
        ),
        ("core", "2", "case: Input should be a valid dictionary or instance of Case"),
    ],
)
def test_a_broken_case_is_named_with_its_file(
    tmp_path: Path, record: Any, name: str, fault: str
) -> None:
    file = _write(tmp_path, UNANSWERABLE | {"id": "sound"}, record)
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == f"{file}: case {name}: {fault}."
    assert caught.value.remedy == "Correct the case."


def test_ids_used_twice_are_named_with_their_file(tmp_path: Path) -> None:
    again = UNANSWERABLE | {"question": "Will it snow?"}
    other = [UNANSWERABLE | {"id": name} for name in ("fog", "sun", "fog")]
    file = _write(tmp_path, UNANSWERABLE, *other, again)
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == f"{file}: ids used twice: weather, fog."
    assert caught.value.remedy == "Rename one of each."


def _of_two(**fields: Any) -> Case:
    both = [{"document_id": "guide", "quote": "a"}, {"document_id": "other", "quote": "b"}]
    match = {"all_of": ["core"]}
    nuggets = [
        {"id": "keep", "text": "Core.", "importance": "vital", "match": match, "evidence": both},
        {"id": "more", "text": "Core.", "importance": "okay", "match": match, "evidence": both[:1]},
    ]
    return Case.model_validate(ANSWERABLE | {"nuggets": nuggets, "gold": both} | fields)


def test_a_case_is_asked_of_an_index_with_what_stands_there() -> None:
    case = _of_two()
    assert asked_of([case], {"guide", "other", "third"}) == [case]
    (half,) = asked_of([case], {"other"})
    assert [nugget.id for nugget in half.nuggets] == ["keep"]
    assert {one.document_id for n in half.nuggets for one in n.evidence} == {"other"}
    assert [gold.document_id for gold in half.gold] == ["other"]


def test_a_case_without_its_documents_is_left_out_unless_the_field_alone_answers_it() -> None:
    assert asked_of([_of_two()], {"third"}) == []
    (case,) = asked_of([_of_two(tags=["field"])], {"third"})
    assert (case.answerable, case.unanswerable_class) == (False, "no_document")
    assert Case.model_validate(case.model_dump()) == case


def test_a_case_that_loses_all_its_vital_nuggets_is_left_out() -> None:
    vital, okay = _of_two().nuggets
    swapped = (vital.model_copy(update={"evidence": vital.evidence[:1]}), okay)
    assert asked_of([_of_two().model_copy(update={"nuggets": swapped})], {"other"}) == []


def test_an_unanswerable_case_is_asked_of_every_index() -> None:
    case = Case.model_validate(UNANSWERABLE)
    assert asked_of([case], set()) == [case]
