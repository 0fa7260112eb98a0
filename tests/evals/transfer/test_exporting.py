"""Cases go to other tools, and come back."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.cases import DatasetError, Match
from evals.transfer.exporting import ExportKind, export_cases
from evals.transfer.proposals import write_proposals
from tests.evals.make import TEXTS, make_case, make_nugget, make_trap
from tests.evals.transfer.make_files import FILES, RICH, there_and_back, write

NUGGET_OF_BOTH = ["Half keep the core.", "It says coach."]
ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="|"),
        st.sampled_from("\n\r\t\"'\\:#-é漢ع\u2028\x85 "),
    ),
    max_size=30,
).map(lambda text: f"Q{text}?")


@pytest.mark.parametrize("kind", [ExportKind.RAGAS, ExportKind.DEEPEVAL])
def test_question_facts_and_quotes_come_back(kind: ExportKind, tmp_path: Path) -> None:
    (proposal,) = there_and_back([RICH], kind, tmp_path)
    assert proposal["question"] == "What stays?"
    assert [nugget["text"] for nugget in proposal["nuggets"]] == NUGGET_OF_BOTH
    assert [one["quote"] for one in proposal["gold"]] == [
        "Keep the core as it is.",
        "Four coaches",
        "Context matters.",
    ]


def test_facts_and_their_matches_come_back_from_promptfoo(tmp_path: Path) -> None:
    case = RICH.model_copy(update={"history": ("What is a core?", "And a form?")})
    (proposal,) = there_and_back([case], ExportKind.PROMPTFOO, tmp_path)
    assert (proposal["id"], proposal["history"]) == ("rich", list(case.history))
    first, second = proposal["nuggets"]
    assert [n["text"] for n in proposal["nuggets"]] == NUGGET_OF_BOTH
    assert (first["id"], second["id"]) == ("keep", "more")
    assert (first["importance"], second["importance"]) == ("vital", "okay")
    assert first["match"] == {
        "all_of": ["core|heart", "keep", "staff|team|all"],  # one of them all: the same
        "any_of": [],
        "numbers": ["0.5"],
        "forbid": ["never"],
    }
    assert proposal["must_not_say"] == ["drop it", "leave it"]


def test_an_exported_number_is_found_as_a_whole_only(tmp_path: Path) -> None:
    export_cases([RICH], TEXTS, ExportKind.PROMPTFOO, tmp_path)
    config = yaml.safe_load((tmp_path / FILES[ExportKind.PROMPTFOO]).read_text("utf-8"))
    asserts = config["tests"][0]["assert"][0]["assert"]
    (pattern,) = (one["value"] for one in asserts if one["type"] == "regex")
    found = [re.search(pattern, text) is not None for text in ("0.5 of", "10.5", "0.52", "0.5.")]
    assert found == [True, False, False, True]


def test_grades_come_back_from_beir(tmp_path: Path) -> None:
    proposals = there_and_back([RICH, make_case("plain")], ExportKind.BEIR, tmp_path)
    assert [proposal["id"] for proposal in proposals] == ["rich", "plain"]
    grades = [{one["document_id"]: one["grade"] for one in p["gold"]} for p in proposals]
    assert grades == [{"guide": 3, "other": 1}, {"guide": 3}]


def test_files_for_beir_are_as_its_loader_reads_them(tmp_path: Path) -> None:
    paths = export_cases([RICH], TEXTS, ExportKind.BEIR, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "corpus.jsonl",
        "queries.jsonl",
        "qrels/test.tsv",
    ]
    corpus, queries, qrels = (path.read_text("utf-8") for path in paths)
    assert [json.loads(line) for line in corpus.splitlines()] == [
        {"_id": name, "title": "", "text": text} for name, (_, text) in TEXTS.items()
    ]
    assert json.loads(queries) == {"_id": "rich", "text": "What stays?"}
    assert qrels == "query-id\tcorpus-id\tscore\nrich\tguide\t3\nrich\tother\t1\n"


@pytest.mark.parametrize("kind", ExportKind)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=ODD, fact=ODD, phrase=ODD)
def test_odd_texts_come_back_whole(
    kind: ExportKind, question: str, fact: str, phrase: str, tmp_path: Path
) -> None:
    if kind == ExportKind.PROMPTFOO and re.search(r"\{[{%#]", question + phrase):
        return
    nugget = make_nugget("a", phrase.strip()).model_copy(update={"text": fact})
    case = make_case("odd", question=question, nuggets=(nugget,))
    proposals = there_and_back([case], kind, tmp_path)
    assert proposals[0]["question"] == question
    if kind in (ExportKind.RAGAS, ExportKind.DEEPEVAL):
        texts = " ".join(one["text"] for one in proposals[0]["nuggets"])
        assert "".join(texts.split()) == "".join(fact.split())
    if kind == ExportKind.PROMPTFOO:
        assert proposals[0]["nuggets"][0]["text"] == fact
        assert proposals[0]["nuggets"][0]["match"]["all_of"] == [phrase.strip()]
    file = tmp_path / "proposals.yaml"
    file.unlink(missing_ok=True)
    write_proposals(file, proposals)
    assert yaml.safe_load(file.read_text("utf-8")) == proposals


def test_equal_cases_give_equal_bytes(tmp_path: Path) -> None:
    for kind in ExportKind:
        one = export_cases([RICH], TEXTS, kind, tmp_path / "one" / kind)
        two = export_cases([RICH], TEXTS, kind, tmp_path / "two" / kind)
        assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_questions_without_an_answer_are_left_out(tmp_path: Path) -> None:
    for kind in ExportKind:
        proposals = there_and_back([make_trap(), RICH], kind, tmp_path / kind)
        assert [proposal["question"] for proposal in proposals] == ["What stays?"]
        with pytest.raises(DatasetError, match="no answerable case"):
            export_cases([make_trap()], TEXTS, kind, tmp_path)


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="rich: there is no document 'guide'"):
        export_cases([RICH], {}, ExportKind.BEIR, tmp_path)


@pytest.mark.parametrize("text", ["What is {{this}}?", "{% if %}", "{# no #}", "file:///etc/hosts"])
def test_promptfoo_gets_no_templates_and_no_files(text: str, tmp_path: Path) -> None:
    nugget = make_nugget("a", "core").model_copy(
        update={"match": Match(forbid=(text,), all_of=("b",))}
    )
    for case in (make_case(question=text), make_case(nuggets=(nugget,))):
        with pytest.raises(DatasetError, match="core: promptfoo would take this"):
            export_cases([case], TEXTS, ExportKind.PROMPTFOO, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be written to"):
        export_cases([RICH], TEXTS, ExportKind.RAGAS, write(tmp_path / "file", "") / "folder")
