"""Feedback, ragas, deepeval and BEIR, read as proposals."""

import csv
import json
from pathlib import Path

import pytest

from evals.cases import DatasetError
from evals.transfer.importing import ImportKind, import_cases
from evals.transfer.proposals import PERSONAL, TO_DO, Proposal
from tests.evals.transfer.make_files import to_do, write, write_lines

SAMPLE = {
    "user_input": "What stays?",
    "reference": "The core stays, e.g. its purpose. The form may change.",
    "reference_contexts": ["Keep the core.", "Change the form."],
    "response": "unused",
}


def write_beir(folder: Path, qrels: str = "q1\td1\t1\n", name: str = "test") -> Path:
    write_lines(folder / "corpus.jsonl", {"_id": "d1", "title": "", "text": "Keep the core."})
    write_lines(folder / "queries.jsonl", {"_id": "q1", "text": "What stays?"})
    write(folder / "qrels" / f"{name}.tsv", "query-id\tcorpus-id\tscore\n" + qrels)
    return folder


def _assert_sample(proposal: Proposal) -> None:
    assert proposal["question"] == "What stays?"
    assert [nugget["text"] for nugget in proposal["nuggets"]] == [
        "The core stays, e.g. its purpose.",
        "The form may change.",
    ]
    assert [nugget["id"] for nugget in proposal["nuggets"]] == ["fact-1", "fact-2"]
    assert not any(any(nugget["match"].values()) for nugget in proposal["nuggets"])
    assert [one["quote"] for one in proposal["gold"]] == ["Keep the core.", "Change the form."]
    assert proposal["answerable"] is True


def test_feedback_carries_over_only_what_does_not_tell_who_asked(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "feedback.jsonl",
        {
            "question": "What stays?",
            "history": ["What is a core?"],
            "answer": "SECRET-ANSWER",
            "rating": "SECRET-RATING",
            "comment": "It missed the point.",
            "citations": [{"document_id": "guide", "quote": "Keep the core", "user": "SECRET-1"}],
            "user": "SECRET-USER",
            "email": "SECRET-MAIL",
        },
    )
    (proposal,) = import_cases(file, ImportKind.FEEDBACK)
    assert "SECRET" not in json.dumps(proposal)
    assert proposal["question"] == "What stays?"
    assert proposal["history"] == ["What is a core?"]
    assert proposal["gold"] == [{"document_id": "guide", "quote": "Keep the core", "grade": 3}]
    assert proposal["answerable"] is None
    assert proposal["source"] == "feedback: feedback.jsonl, line 1"
    assert proposal[f"{TO_DO}weigh this comment of the reader"] == "It missed the point."
    assert PERSONAL not in proposal


def test_ragas_is_read_from_lines_a_list_and_a_table(tmp_path: Path) -> None:
    _assert_sample(*import_cases(write_lines(tmp_path / "a.jsonl", SAMPLE), ImportKind.RAGAS))
    _assert_sample(*import_cases(write(tmp_path / "a.json", [SAMPLE]), ImportKind.RAGAS))
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.DictWriter(file, list(SAMPLE))
        table.writeheader()
        table.writerow(SAMPLE)
    _assert_sample(*import_cases(tmp_path / "a.csv", ImportKind.RAGAS))


def test_a_single_context_in_a_table_is_one(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "user_input,reference_contexts\nWhat?,[1] Keep it\nWhy?,\n")
    first, second = import_cases(file, ImportKind.RAGAS)
    assert [one["quote"] for one in first["gold"]] == ["[1] Keep it"]
    assert second["gold"] == []


def test_a_conversation_of_ragas_gives_its_questions(tmp_path: Path) -> None:
    messages = [
        {"type": "human", "content": "What is a core?"},
        {"type": "ai", "content": "The purpose."},
        {"type": "human", "content": "Must it stay?"},
    ]
    file = write_lines(tmp_path / "a.jsonl", {"user_input": messages, "reference": "It must."})
    (proposal,) = import_cases(file, ImportKind.RAGAS)
    assert (proposal["question"], proposal["history"]) == ("Must it stay?", ["What is a core?"])


def test_without_a_reference_a_person_says_whether_there_is_an_answer(tmp_path: Path) -> None:
    (proposal,) = import_cases(
        write_lines(tmp_path / "a.jsonl", {"user_input": "What?"}), ImportKind.RAGAS
    )
    assert (proposal["answerable"], proposal["nuggets"], proposal["gold"]) == (None, [], [])
    assert to_do(proposal) == [
        "say if it has an answer; add nuggets and gold, or a class; fill labelled_by"
    ]


def test_goldens_of_deepeval_are_read(tmp_path: Path) -> None:
    golden = {
        "input": SAMPLE["user_input"],
        "actual_output": None,
        "expected_output": SAMPLE["reference"],
        "context": SAMPLE["reference_contexts"],
        "source_file": None,
        "name": "what-stays",
    }
    (proposal,) = import_cases(write(tmp_path / "goldens.json", [golden]), ImportKind.DEEPEVAL)
    _assert_sample(proposal)
    assert proposal["id"] == "what-stays"


def test_judgements_of_beir_become_gold(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set", "q1\td1\t1\nq1\td2\t7\nq1\td3\t0\nq2\td3\t-1\n")
    write_lines(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "One", "text": "Keep the core."},
        {"_id": "d2", "text": "x" * 301},
        {"_id": "d3", "text": "Context."},
    )
    write_lines(
        folder / "queries.jsonl",
        {"_id": "q1", "text": "What stays?"},
        {"_id": "q2", "text": "Why?"},
    )
    (proposal,) = import_cases(folder, ImportKind.BEIR)
    assert (proposal["id"], proposal["question"]) == ("q1", "What stays?")
    assert proposal["gold"] == [
        {"document_id": "d1", "quote": "Keep the core.", "grade": 1},
        {"document_id": "d2", "quote": "", "grade": 3},
    ]


@pytest.mark.parametrize(
    ("qrels", "fault"),
    [
        ("q1\td1\n", r"test\.tsv, line 2 is not query-id"),
        ("q1\td1\t1\nq1\td1\thigh\n", r"test\.tsv, line 3 is not query-id"),
        ("q1 0 d1 1\n", "line 2 is not"),
        ("q9\td1\t1\n", "line 2: there is no 'q9'"),
        ("q1\td9\t1\n", "line 2: there is no 'd9'"),
        ('"q1\td1\t1\n', "line 2: unexpected end of data"),
        ("q1\td1\t0\n", "holds no questions"),
    ],
)
def test_broken_judgements_of_beir_are_named(qrels: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=fault):
        import_cases(write_beir(tmp_path / "set", qrels), ImportKind.BEIR)


def test_a_folder_without_judgements_is_named(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set")
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(DatasetError, match=r"qrels holds no \.tsv file"):
        import_cases(folder, ImportKind.BEIR)
