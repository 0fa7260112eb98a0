"""Datasets that can be read, and what is said of those that cannot."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from evals.cases import (
    TOPICS,
    Case,
    DatasetError,
    Evidence,
    Match,
    Nugget,
    asked_of,
    json_schema,
    read_dataset,
    read_datasets,
)

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
    """Keys stand in their order, so that lines can be counted in the records above."""
    file = path / "set.yaml"
    file.write_text(yaml.safe_dump(list(cases), sort_keys=False), "utf-8")
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
    ).at("set.yaml:8")


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
    file.write_text("- id: a\n  question: [open\n  split: dev\n", "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message.startswith(f"{file}:3: while parsing a flow ")
    assert "\n" not in caught.value.message
    assert caught.value.remedy == "Correct the YAML."


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
    assert caught.value.message == f"{file}:1: not a list of cases."
    assert caught.value.remedy == "See evals/README.md."


@pytest.mark.parametrize("value", ["2024-13-45", "!!int many"])
def test_a_value_that_yaml_cannot_make_is_named(tmp_path: Path, value: str) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(f"- id: core\n  source: {value}\n", "utf-8")
    with pytest.raises(DatasetError, match=r"set\.yaml: "):
        read_dataset(file)


@pytest.mark.parametrize(
    ("record", "faults"),
    [
        (ANSWERABLE | {"colour": "red"}, ["28: colour: Extra inputs are not permitted"]),
        (
            {key: value for key, value in ANSWERABLE.items() if key != "question"},
            ["8: question: Field required"],
        ),
        (ANSWERABLE | {"nuggets": []}, [f"8: {INCOMPLETE}"]),
        (ANSWERABLE | {"gold": []}, [f"8: {INCOMPLETE}"]),
        (ANSWERABLE | {"unanswerable_class": "language"}, [f"8: {INCOMPLETE}"]),
        (UNANSWERABLE | {"nuggets": ANSWERABLE["nuggets"]}, [f"8: {OVERCOMPLETE}"]),
        (UNANSWERABLE | {"gold": ANSWERABLE["gold"]}, [f"8: {OVERCOMPLETE}"]),
        (UNANSWERABLE | {"unanswerable_class": None}, [f"8: {OVERCOMPLETE}"]),
        (
            UNANSWERABLE | {"unanswerable_class": "silly"},
            [
                "11: unanswerable_class: Input should be 'other_field', 'other_sense', "
                "'local_fact', 'no_document', 'professional', 'instruction' or 'language'"
            ],
        ),
        (ANSWERABLE | {"split": "train"}, ["25: split: Input should be 'dev' or 'test'"]),
        (
            ANSWERABLE | {"id": "Core 1"},
            ["8: id: String should match pattern '^[a-z0-9][a-z0-9-]*$'"],
        ),
        (ANSWERABLE | {"question": ""}, ["9: question: String should have at least 1 character"]),
        (ANSWERABLE | {"nuggets": _nugget(match={})}, [f"15: {NO_MATCH}"]),
        (ANSWERABLE | {"nuggets": _nugget(match={"forbid": ["never"]})}, [f"15: {NO_MATCH}"]),
        (
            ANSWERABLE | {"nuggets": _nugget(match={"numbers": [4]})},
            ["17: nuggets.0.match.numbers.0: Input should be a valid string"],
        ),
        (
            ANSWERABLE | {"nuggets": _nugget(importance="great")},
            ["14: nuggets.0.importance: Input should be 'vital' or 'okay'"],
        ),
        (
            ANSWERABLE | {"nuggets": _nugget(evidence=[])},
            ["18: nuggets.0.evidence: Tuple should have at least 1 item after validation, not 0"],
        ),
        (
            ANSWERABLE | {"gold": [{"document_id": "guide", "quote": "", "grade": 4}]},
            [
                "23: gold.0.quote: String should have at least 1 character",
                "24: gold.0.grade: Input should be less than or equal to 3",
            ],
        ),
        ("core", ["8: case: Input should be a valid dictionary or instance of Case"]),
    ],
)
def test_what_is_wrong_with_a_case_is_named_with_file_and_line(
    tmp_path: Path, record: Any, faults: list[str]
) -> None:
    file = _write(tmp_path, UNANSWERABLE | {"id": "sound"}, record)
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == "; ".join(f"{file}:{fault}" for fault in faults) + "."
    assert caught.value.remedy == "Correct the case."


def test_an_id_used_twice_in_a_file_is_named_with_both_lines(tmp_path: Path) -> None:
    file = _write(tmp_path, UNANSWERABLE, ANSWERABLE, UNANSWERABLE | {"question": "Snow?"})
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    assert caught.value.message == f"{file}:28: 'weather' is used at set.yaml:1."
    assert caught.value.remedy == "Rename one of them."


def test_an_id_used_in_two_files_is_named_with_both(tmp_path: Path) -> None:
    first = _write(tmp_path, ANSWERABLE, UNANSWERABLE).rename(tmp_path / "first.yaml")
    second = _write(tmp_path, UNANSWERABLE)
    with pytest.raises(DatasetError) as caught:
        read_datasets([first, second])
    assert caught.value.message == "set.yaml:1: 'weather' is used at first.yaml:21."


def test_several_files_are_one_list_in_their_order(tmp_path: Path) -> None:
    first = _write(tmp_path, UNANSWERABLE, ANSWERABLE).rename(tmp_path / "z.yaml")
    second = _write(tmp_path, UNANSWERABLE | {"id": "fog"}).rename(tmp_path / "a.yaml")
    found = read_datasets([first, second])
    assert [(case.id, case.place) for case in found] == [
        ("weather", "z.yaml:1"), ("core", "z.yaml:8"), ("fog", "a.yaml:1"),
    ]  # fmt: skip


def test_a_case_keeps_its_place_where_it_is_cut_down_to_an_index() -> None:
    case = _of_two(tags=["field"]).at("set.yaml:7")
    assert [found.place for found in asked_of([case], {"other"})] == ["set.yaml:7"]
    assert [found.place for found in asked_of([case], {"third"})] == ["set.yaml:7"]
    assert _of_two().place == ""


def test_a_case_shares_its_fate_with_those_on_the_document_that_answers_it_best() -> None:
    graded = [
        {"document_id": name, "quote": "a", "grade": grade}
        for name, grade in (("guide", 1), ("other", 3), ("third", 3))
    ]
    assert _of_two(gold=graded).cluster == "other"
    assert Case.model_validate(UNANSWERABLE).cluster == "weather"


def test_the_schema_is_of_a_list_of_cases() -> None:
    schema = json_schema()
    assert (schema["type"], schema["items"]) == ("array", {"$ref": "#/$defs/Case"})
    fields = schema["$defs"]["Case"]["properties"]
    assert fields.keys() == Case.model_fields.keys()
    assert schema["$defs"]["Case"]["additionalProperties"] is False


def test_topics_are_tags_of_their_own() -> None:
    assert len(set(TOPICS)) == len(TOPICS) == 10
    assert not {"list", "field", "alone", "disagreement"} & set(TOPICS)


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
