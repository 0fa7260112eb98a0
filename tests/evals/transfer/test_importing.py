"""Questions from elsewhere: their ids, and whose files are read."""

import re
from pathlib import Path

from evals.transfer.importing import ImportKind, import_cases
from tests.evals.transfer.make_files import write, write_lines


def test_a_question_asked_twice_has_two_ids(tmp_path: Path) -> None:
    row = {"question": "What stays?"}
    file = write_lines(tmp_path / "feedback.jsonl", row, row, row)
    first, second, third = (proposal["id"] for proposal in import_cases(file, ImportKind.FEEDBACK))
    assert re.fullmatch(r"feedback-[0-9a-f]{10}", first)
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert import_cases(file, ImportKind.FEEDBACK)[0]["id"] == first


def test_a_name_that_is_no_id_is_replaced(tmp_path: Path) -> None:
    file = write(tmp_path / "goldens.json", [{"input": "What?", "name": "What stays"}])
    assert re.fullmatch(r"deepeval-[0-9a-f]{10}", import_cases(file, ImportKind.DEEPEVAL)[0]["id"])
