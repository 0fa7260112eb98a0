"""Feedback and the formats of ragas, deepeval and BEIR, read as proposals.

Feedback, in our own format, is JSON lines in UTF-8, one question a line:

    {"question": "...", "history": ["..."], "answer": "...", "rating": "down", "comment": "...",
     "citations": [{"document_id": "...", "quote": "..."}]}

Only `question` must be there. Question, history, comment and citations are carried over, and
nothing else of the line: it may tell who asked. Even so, people put names into questions.

Fields of the other tools: ragas `SingleTurnSample` and `MultiTurnSample`, deepeval
`EvaluationDataset.add_goldens_from_json_file`, BEIR `GenericDataLoader`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field

from evals.cases import DatasetError
from evals.transfer.proposals import (
    ANSWERABLE,
    COMMENT,
    OPEN,
    PERSONAL,
    Proposal,
    from_reference,
    looks_personal,
    make_gold,
    make_proposal,
)
from evals.transfer.reading import (
    Contexts,
    Row,
    Text,
    broken,
    checked,
    csv_rows,
    json_lines,
    json_list,
    text_of,
)

_LONGEST_QUOTE = 300  # characters of a BEIR document up to which all of it is proposed as quote


class _Citation(Row):
    document_id: str
    quote: Text


class _Feedback(Row):
    question: Text
    history: tuple[str, ...] = ()
    comment: str | None = None
    citations: tuple[_Citation, ...] = ()


class _Message(Row):
    content: Text
    type: str


class _Sample(Row):
    user_input: Text | tuple[_Message, ...]
    reference: str | None = None
    reference_contexts: Contexts = ()


class _Golden(Row):
    input: Text
    expected_output: str | None = None
    context: Contexts = ()
    name: str | None = None


class _Entry(Row):
    id: str = Field(alias="_id")
    text: Text


def from_feedback(path: Path) -> Iterator[Proposal]:
    """A proposal for each line of feedback; what may be personal is marked. Raises DatasetError."""
    for where, data in json_lines(path):
        row = checked(_Feedback, path, where, data)
        to_do = {ANSWERABLE: OPEN}
        if row.comment:
            to_do[COMMENT] = row.comment
        if any(looks_personal(text) for text in (row.question, *row.history, row.comment or "")):
            to_do[PERSONAL] = OPEN
        gold = [make_gold(one.document_id, one.quote) for one in row.citations]
        yield make_proposal(
            "feedback", f"{path.name}, {where}", row.question,
            history=row.history, gold=gold, to_do=to_do,
        )  # fmt: skip


def from_ragas(path: Path) -> Iterator[Proposal]:
    """A proposal for each sample of a .json, .jsonl or .csv file. Raises DatasetError."""
    readers = {".json": json_list, ".jsonl": json_lines, ".csv": csv_rows}
    if path.suffix not in readers:
        raise DatasetError(f"{path} is no file of ragas.", f"Name one of {', '.join(readers)}.")
    for where, data in readers[path.suffix](path):
        row = checked(_Sample, path, where, data)
        if isinstance(row.user_input, str):
            asked = [row.user_input]
        else:
            asked = [message.content for message in row.user_input if message.type == "human"]
        if not asked:
            raise DatasetError(f"{path}, {where}: no message is human.", "Correct it.")
        yield from_reference(
            "ragas", f"{path.name}, {where}", asked[-1], row.reference, row.reference_contexts,
            history=asked[:-1],
        )  # fmt: skip


def from_deepeval(path: Path) -> Iterator[Proposal]:
    """A proposal for each golden of a .json file. Raises DatasetError."""
    for where, data in json_list(path):
        row = checked(_Golden, path, where, data)
        yield from_reference(
            "deepeval", f"{path.name}, {where}", row.input, row.expected_output, row.context,
            given=row.name,
        )  # fmt: skip


def from_beir(path: Path) -> Iterator[Proposal]:
    """A proposal for each query of a folder with a relevant document. Raises DatasetError."""
    documents = _entries(path / "corpus.jsonl")
    queries = _entries(path / "queries.jsonl")
    files = sorted((path / "qrels").glob("*.tsv"))
    if not files:
        raise DatasetError(f"{path / 'qrels'} holds no .tsv file.", "Name a folder in BEIR format.")
    grades: dict[str, dict[str, int]] = {}
    for file in files:
        for query, document, grade in _judgements(file, queries, documents):
            if grade > 0:
                found = grades.setdefault(query, {})
                found[document] = max(found.get(document, 1), min(grade, 3))
    for query, relevant in grades.items():
        gold = [
            make_gold(name, text if len(text := documents[name]) <= _LONGEST_QUOTE else "", grade)
            for name, grade in relevant.items()
        ]
        yield make_proposal(
            "beir", f"{path.name}, query {query}", queries[query], given=query, gold=gold
        )


def _entries(path: Path) -> dict[str, str]:
    """The texts of a BEIR file by their ids."""
    rows = [checked(_Entry, path, where, data) for where, data in json_lines(path)]
    return {row.id: row.text for row in rows}


def _judgements(
    path: Path, queries: Mapping[str, str], documents: Mapping[str, str]
) -> Iterator[tuple[str, str, int]]:
    """Query, document and grade of each row but the first, which names the columns."""
    reader = csv.reader(io.StringIO(text_of(path), newline=""), delimiter="\t", strict=True)
    try:
        for row in reader:
            if reader.line_num == 1 or not row:
                continue
            where = f"{path}, line {reader.line_num}"
            if len(row) != 3 or not re.fullmatch(r"-?[0-9]{1,9}", row[2]):
                raise DatasetError(
                    f"{where} is not query-id, corpus-id and score with tabs.", "Correct it."
                )
            if row[0] not in queries or row[1] not in documents:
                unknown = row[0] if row[0] not in queries else row[1]
                raise DatasetError(f"{where}: there is no {unknown!r}.", "Add it, or cut the line.")
            yield row[0], row[1], int(row[2])
    except csv.Error as error:
        raise broken(path, error, f"line {reader.line_num}") from error
