"""Cases, exported as other tools read them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from evals.cases import Case, DatasetError, Nugget
from evals.transfer.promptfoo import NOT_WITHIN, phrases_of
from evals.transfer.proposals import as_yaml

Texts = Mapping[str, tuple[str, str]]


class ExportKind(StrEnum):
    """Who can read what is exported."""

    RAGAS = "ragas"
    DEEPEVAL = "deepeval"
    PROMPTFOO = "promptfoo"
    BEIR = "beir"


def export_cases(cases: Sequence[Case], texts: Texts, kind: ExportKind, folder: Path) -> list[Path]:
    """Write the answerable cases as another tool reads them, and say which files those are.

    `texts` maps document ids to (sha256, text). Questions without an answer are left out: none of
    these tools can say that declining is right. Files, which are replaced: ragas `cases.jsonl`,
    deepeval `goldens.json`, promptfoo `promptfooconfig.yaml`, BEIR `corpus.jsonl`,
    `queries.jsonl` and `qrels/test.tsv` with grades from 1 to 3. Earlier questions stand before
    the question, for promptfoo in a variable of their own. Its assertions look for phrases
    without the leniency of a match, and facts that are not vital weigh nothing.

    Raises DatasetError if no case is left, a document is missing, a text would be taken for a
    template, or the folder cannot be written to.
    """
    kept = [case for case in cases if case.answerable]
    if not kept:
        raise DatasetError("There is no answerable case.", "Name other datasets.")
    written = []
    try:
        for name, content in _WRITERS[kind](kept, texts).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8"))
            written.append(path)
    except OSError as error:
        raise DatasetError(f"{folder} cannot be written to: {error}.", "Name another.") from error
    return written


def _to_ragas(cases: Sequence[Case], _: Texts) -> dict[str, str]:
    rows = [
        {
            "user_input": _asked(case),
            "reference": _reference(case),
            "reference_contexts": _quotes(case),
        }
        for case in cases
    ]
    return {"cases.jsonl": _lines(rows)}


def _to_deepeval(cases: Sequence[Case], _: Texts) -> dict[str, str]:
    goldens = [
        {
            "input": _asked(case),
            "expected_output": _reference(case),
            "context": _quotes(case),
            "name": case.id,
        }
        for case in cases
    ]
    return {"goldens.json": json.dumps(goldens, indent=1) + "\n"}


def _to_promptfoo(cases: Sequence[Case], _: Texts) -> dict[str, str]:
    config = {
        "description": "Reference questions",
        "prompts": ["{{question}}"],
        "tests": [_test(case) for case in cases],
    }
    head = "# Add `providers`: what is to be asked. See the documentation of promptfoo.\n"
    return {"promptfooconfig.yaml": head + as_yaml(config)}


def _to_beir(cases: Sequence[Case], texts: Texts) -> dict[str, str]:
    qrels = io.StringIO()
    rows = csv.writer(qrels, delimiter="\t", lineterminator="\n")
    rows.writerow(("query-id", "corpus-id", "score"))
    for case in cases:
        for name, grade in case.grades.items():
            if name not in texts:
                raise DatasetError(
                    f"{case.id}: there is no document {name!r}.",
                    "Export the cases as they are asked of this index.",
                )
            rows.writerow((case.id, name, grade))
    documents = [{"_id": n, "title": "", "text": text} for n, (_, text) in texts.items()]
    return {
        "corpus.jsonl": _lines(documents),
        "queries.jsonl": _lines([{"_id": case.id, "text": _asked(case)} for case in cases]),
        "qrels/test.tsv": qrels.getvalue(),
    }


_WRITERS: dict[ExportKind, Callable[[Sequence[Case], Texts], dict[str, str]]] = {
    ExportKind.RAGAS: _to_ragas,
    ExportKind.DEEPEVAL: _to_deepeval,
    ExportKind.PROMPTFOO: _to_promptfoo,
    ExportKind.BEIR: _to_beir,
}


def _asked(case: Case) -> str:
    return "\n".join((*case.history, case.question))


def _reference(case: Case) -> str:
    return " ".join(nugget.text for nugget in case.nuggets)


def _quotes(case: Case) -> list[str]:
    evidence = (one.quote for nugget in case.nuggets for one in nugget.evidence)
    return list(dict.fromkeys((*(one.quote for one in case.gold), *evidence)))


def _lines(rows: Sequence[Mapping[str, object]]) -> str:
    """JSON lines in ASCII, which ragas reads alike whatever the encoding of the machine."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def _test(case: Case) -> dict[str, Any]:
    asked = {"question": case.question}
    if case.history:
        asked["history"] = "\n".join(case.history)
    asserts = [_assert_set(nugget) for nugget in case.nuggets]
    if case.must_not_say:
        asserts.append(_contains("not-icontains-any", case.must_not_say))
    for text in (*asked.values(), *_values(asserts)):
        if re.search(r"\{[{%#]", text) or text.startswith("file://"):
            raise DatasetError(
                f"{case.id}: promptfoo would take this for a template or a file: {text[:60]!r}.",
                "Leave the case out.",
            )
    texts = {nugget.id: nugget.text for nugget in case.nuggets}
    return {"description": case.id, "vars": asked, "assert": asserts, "metadata": texts}


def _assert_set(nugget: Nugget) -> dict[str, Any]:
    match = nugget.match
    asserts = [_contains("icontains-any", [phrase]) for phrase in match.all_of]
    if match.any_of:
        asserts.append(_contains("icontains-any", match.any_of))
    for number in match.numbers:
        pattern = re.escape(number).join(NOT_WITHIN)
        asserts.append({"type": "regex", "value": pattern})
    if match.forbid:
        asserts.append(_contains("not-icontains-any", match.forbid))
    weight = 1 if nugget.importance == "vital" else 0
    return {"type": "assert-set", "metric": nugget.id, "weight": weight, "assert": asserts}


def _contains(kind: str, phrases: Sequence[str]) -> dict[str, Any]:
    return {"type": kind, "value": [part for phrase in phrases for part in phrases_of(phrase)]}


def _values(asserts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in asserts:
        yield from _values(one.get("assert", ()))
        value = one.get("value", ())
        yield from (value,) if isinstance(value, str) else value
