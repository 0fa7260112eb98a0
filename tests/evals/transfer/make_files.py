"""Files of other tools, and a case that has all that they can carry."""

import json
from pathlib import Path

from evals.cases import Case, Match
from evals.transfer.exporting import ExportKind, export_cases
from evals.transfer.importing import ImportKind, import_cases
from evals.transfer.proposals import TO_DO, Proposal
from tests.evals.make import TEXTS, make_case, make_nugget

FILES: dict[ExportKind, str] = {
    ExportKind.RAGAS: "cases.jsonl",
    ExportKind.DEEPEVAL: "goldens.json",
    ExportKind.PROMPTFOO: "promptfooconfig.yaml",
    ExportKind.BEIR: ".",
}
RICH = make_case(
    "rich",
    question="What stays?",
    nuggets=(
        {
            "id": "keep",
            "text": "Half keep the core.",
            "importance": "vital",
            "match": Match(
                all_of=("core|heart", "keep"),
                any_of=("staff|team", "all"),
                numbers=("0.5",),
                forbid=("never",),
            ),
            "evidence": ({"document_id": "guide", "quote": "Keep the core as it is."},),
        },
        make_nugget("more", "coach", "okay"),
    ),
    gold=(
        {"document_id": "guide", "quote": "Keep the core as it is.", "grade": 2},
        {"document_id": "guide", "quote": "Four coaches", "grade": 3},
        {"document_id": "other", "quote": "Context matters.", "grade": 1},
    ),
    must_not_say=("drop it|leave it",),
)


def write(path: Path, content: object) -> Path:
    """A file with a text, or with JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def write_lines(path: Path, *rows: object) -> Path:
    return write(path, "".join(json.dumps(row) + "\n" for row in rows))


def to_do(proposal: Proposal) -> list[str]:
    return [field.removeprefix(TO_DO) for field in proposal if field.startswith(TO_DO)]


def there_and_back(cases: list[Case], kind: ExportKind, folder: Path) -> list[Proposal]:
    export_cases(cases, TEXTS, kind, folder)
    return import_cases(folder / FILES[kind], ImportKind(kind))
