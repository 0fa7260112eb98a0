"""Files that are broken, missing or in another encoding are named."""

from pathlib import Path

import pytest

from evals.cases import DatasetError
from evals.transfer.importing import ImportKind, import_cases
from tests.evals.transfer.make_files import write

BROKEN: list[tuple[str, str, str, str]] = [
    ("feedback", "a.jsonl", '{"question": "a"}\n{"question": \n', r"a\.jsonl, line 2: Expecting"),
    ("feedback", "a.jsonl", '\n{"questio": "a"}', r"line 2: question: Field required"),
    ("feedback", "a.jsonl", '{"question": " \\n"}', r"line 1: question: .*there is no text"),
    ("feedback", "a.jsonl", '{"question": "a", "citations": [{"quote": "b"}]}', "document_id"),
    ("feedback", "a.jsonl", "5", "line 1: record: "),
    ("feedback", "a.jsonl", "[" * 100_000, "line 1: "),
    ("feedback", "a.jsonl", "\n \n", "holds no questions"),
    ("ragas", "a.txt", "", r"Name one of \.json, \.jsonl, \.csv"),
    ("ragas", "a.json", '[\n{"user_input": "a"},\n]', r"a\.json, line "),
    ("ragas", "a.json", '{"user_input": "a"}', "is not a list"),
    ("ragas", "a.json", '[{"user_input": "a"}, {"reference": "b"}]', "entry 2: user_input"),
    ("ragas", "a.jsonl", '{"user_input": [{"type": "ai", "content": "a"}]}', "no message is human"),
    ("ragas", "a.csv", 'user_input,reference\na,"b', r"line \d: unexpected end of data"),
    ("ragas", "a.csv", "question,reference\na,b\n", r"line 2: user_input: Field required"),
    ("ragas", "a.csv", "", "holds no questions"),
    ("deepeval", "a.json", "[]", "holds no questions"),
    ("deepeval", "a.json", '[{"turns": []}]', "entry 1: input: Field required"),
    ("deepeval", "a.json", "", "line 1: Expecting value"),
    ("promptfoo", "a.yaml", "tests: [", r"a\.yaml: .*line 2"),
    ("promptfoo", "a.yaml", "tests: file://tests.csv", "no list of tests"),
    ("promptfoo", "a.yaml", "tests: ['file://more.yaml']", "test 1: record"),
    ("promptfoo", "a.yaml", "tests: [{vars: {query: a}}]", r"test 1: vars\.question: Field"),
    ("promptfoo", "a.yaml", "tests: []", "holds no questions"),
]


@pytest.mark.parametrize(("kind", "name", "content", "fault"), BROKEN)
def test_broken_input_is_named_with_its_line(
    kind: str, name: str, content: str, fault: str, tmp_path: Path
) -> None:
    file = write(tmp_path / name, content)
    with pytest.raises(DatasetError, match=fault) as caught:
        import_cases(file, ImportKind(kind))
    assert caught.value.message.startswith(str(file))


@pytest.mark.parametrize("kind", ImportKind)
def test_missing_input_is_named(kind: ImportKind, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"none\.json"):
        import_cases(tmp_path / "none.json", kind)


def test_input_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"question": "é"}'.encode("latin-1"))
    with pytest.raises(DatasetError, match=r"a\.jsonl: .*utf-8"):
        import_cases(tmp_path / "a.jsonl", ImportKind.FEEDBACK)
