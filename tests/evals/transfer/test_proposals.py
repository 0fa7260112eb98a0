"""What a person has to complete, and what looks personal."""

import re
from pathlib import Path
from typing import Any

import pytest

from evals.cases import DatasetError, read_dataset
from evals.transfer.exporting import ExportKind
from evals.transfer.importing import ImportKind, import_cases
from evals.transfer.proposals import (
    TO_DO,
    Proposal,
    count_personal,
    looks_personal,
    write_proposals,
)
from tests.evals.transfer.make_files import RICH, there_and_back, to_do, write, write_lines


@pytest.mark.parametrize(
    "text",
    [
        "Write to me at anna.b@school.example please",
        "Ring 020 7946 0018 or me",
        "My number is +44 (0)20-7946-0018.",
        "Mrs Smith wants to know how to begin",
        "Ask Dr. Jones",
        "Hello, I'm Anna and I coach",
        "my name is Ömer",
        "Our teacher Anna Smith has left. What now?",
        "What does our head, Żaneta Nowak-Lis, need?",
    ],
)
def test_what_looks_personal_is_seen(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What are the four stages of NIRN?",
        "Is it true that 140 trials from 2003 to 2012 gave 4.3 points?",
        "What does the Education Endowment Foundation say?",
        "I am a coach, and I'm new. What is fidelity?",
        "Scale Up or scale out?",
        "All staff start in April. All of them are trained. What next?",
        "Does Durlak and DuPre's review set a pass mark?",
    ],
)
def test_what_does_not_look_personal_is_left_alone(text: str) -> None:
    assert not looks_personal(text)


def test_personal_questions_are_counted_and_have_to_be_seen_to(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "feedback.jsonl",
        {"question": "Mrs Smith asks: what stays?"},
        {"question": "What stays?", "comment": "Call 0123 456 789 0"},
        {"question": "What stays?", "history": ["I am Anna"]},
        {"question": "What may change?"},
    )
    proposals = import_cases(file, ImportKind.FEEDBACK)
    assert count_personal(proposals) == 3
    write_proposals(tmp_path / "new.yaml", proposals)
    assert "phone number: 3." in (tmp_path / "new.yaml").read_text("utf-8")


def completed(proposal: Proposal) -> dict[str, Any]:
    """A proposal as a person leaves it: what is asked for is there, and the reminders are gone."""
    case = {key: value for key, value in proposal.items() if not key.startswith(TO_DO)}
    quote = {"document_id": "guide", "quote": "Keep the core as it is."}
    nuggets = proposal["nuggets"] or [{"id": "keep", "importance": "vital"}]
    match = {"all_of": ["core"]}
    changed = {"text": "Keep the core.", "match": match, "evidence": [quote]}
    return case | {
        "answerable": True,
        "nuggets": [nugget | changed for nugget in nuggets],
        "gold": [quote],
        "labelled_by": "reading the guide",
    }


@pytest.mark.parametrize("kind", ImportKind)
def test_a_proposal_is_no_case_until_it_is_completed(kind: ImportKind, tmp_path: Path) -> None:
    if kind == ImportKind.FEEDBACK:
        row = {"question": "Does Mrs Smith know?", "comment": "No: 'why'?"}
        proposals = import_cases(write_lines(tmp_path / "feedback.jsonl", row), kind)
    else:
        proposals = there_and_back([RICH], ExportKind(kind), tmp_path)
    file = tmp_path / "proposals.yaml"
    write_proposals(file, proposals)
    with pytest.raises(DatasetError) as caught:
        read_dataset(file)
    for step in to_do(proposals[0]):
        assert f"{TO_DO}{step}: " in caught.value.message
    (case,) = read_dataset(write(tmp_path / "done.yaml", [completed(proposals[0])]))
    assert case.question == proposals[0]["question"]


@pytest.mark.parametrize("step", range(3))
def test_each_step_that_is_not_done_keeps_the_file_from_being_read(
    step: int, tmp_path: Path
) -> None:
    (proposal,) = there_and_back([RICH], ExportKind.DEEPEVAL, tmp_path)
    left = [field for field in proposal if field.startswith(TO_DO)][step : step + 1]
    case = completed(proposal) | dict.fromkeys(left, "open")
    file = write(tmp_path / "half.yaml", [case])
    if not left:
        assert read_dataset(file)
        return
    with pytest.raises(DatasetError, match=re.escape(left[0])):
        read_dataset(file)


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    proposals = there_and_back([RICH], ExportKind.DEEPEVAL, tmp_path)
    file = write(tmp_path / "mine.yaml", "my work")
    with pytest.raises(DatasetError, match="Name a new file"):
        write_proposals(file, proposals)
    assert file.read_text("utf-8") == "my work"
