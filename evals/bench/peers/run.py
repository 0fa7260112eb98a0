"""The bench of stacks from beginning to end: what each costs, and what it finds."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from assistant.app import folders_to_read
from assistant.models.encoder.shipped import shipped_weights
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals.bench.kept import kept
from evals.bench.peers.questions import BUDGET, Question, Scores, Texts, questions_of, scored
from evals.bench.peers.records import Doc, Found
from evals.cases import asked_of
from evals.common import cases_of
from evals.evaluate import opened
from evals.statistics import paired_p

WORKER = ("-m", "evals.bench.peers.worker")
OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
_CHANCE = 0.05


@dataclass(frozen=True)
class Row:
    """A stack in one of its forms: its title in the table, its module, and the form."""

    title: str
    module: str
    form: str = ""


OURS = Row("ours", "evals.bench.peers.ours")
ROWS = (
    OURS,
    Row("ours, questions of the notes left out", "evals.bench.peers.ours", "unasked"),
    Row("LlamaIndex, as it is", "evals.bench.peers.llamaindex"),
    Row("LlamaIndex, our chunk size", "evals.bench.peers.llamaindex", "our size"),
    Row("LangChain", "evals.bench.peers.langchain"),
    Row("txtai", "evals.bench.peers.txtai"),
    Row("txtai, hybrid", "evals.bench.peers.txtai", "hybrid"),
    Row("Haystack", "evals.bench.peers.haystack"),
)


@dataclass(frozen=True)
class Given:
    """What every stack is given: documents, the folders that ours reads them from, the folder of
    weights, and the questions."""

    documents: Sequence[Doc]
    texts: Texts
    corpus: tuple[Path, ...]
    weights: Path
    questions: Sequence[Question]


def given_by(settings: Settings) -> Given:
    """The documents of the index in force, the shipped weights, and the reference questions."""
    with opened(settings, TerminalProgress()) as assistant:
        texts = assistant.documents()
        documents = [Doc(name, assistant.source(name).title, texts[name][1]) for name in texts]
    return Given(
        documents=documents,
        texts=texts,
        corpus=folders_to_read(settings),
        weights=shipped_weights(),
        questions=questions_of(asked_of(cases_of(None), texts), texts),
    )


class WorkerFailed(Exception):
    """A stack's process ended without an answer. Says what it said last."""


def run_peers_bench(
    given: Given,
    progress: TerminalProgress,
    rows: Sequence[Row] = ROWS,
    keep: Path | None = None,
) -> dict[str, Any]:
    """Each row's figures, in the order of the rows; `why` in place of them where there are none.

    `keep` is a folder for what is built and measured, where a run that was broken off goes on;
    without it all is gone afterwards.
    """
    found: dict[str, Any] = {}
    scores: dict[str, list[Scores]] = {}
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as temporary:
        home = keep or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        documents = home / "documents.json"
        documents.write_text(json.dumps(given.documents), "utf-8")
        with progress.step("Stacks", len(rows)) as advance:
            for row in rows:
                try:
                    costs, *answers = kept(
                        home / f"row-{len(found)}.json",
                        partial(_measured, row, given, documents, home / str(len(found))),
                    )
                except WorkerFailed as error:
                    found[row.title] = {"why": str(error)}
                else:
                    top, read = map(_passages, answers)
                    of_row, passages, lost = scored(given.questions, top, read, given.texts)
                    scores[row.title] = of_row
                    found[row.title] = costs | {"passages": passages, "lost": lost}
                advance(1)
    for title, of_row in scores.items():
        found[title]["splits"] = _splits(given.questions, of_row, scores.get(OURS.title))
    return {"rows": found, "budget": BUDGET, "documents": len(given.documents)}


def asked_of_worker(task: Mapping[str, Any], worker: Sequence[str] = WORKER) -> dict[str, Any]:
    """What a process answers to a task. Raises WorkerFailed, also for a stack that is missing."""
    done = subprocess.run(
        [sys.executable, *worker],
        input=json.dumps(task), capture_output=True, text=True, env=os.environ | OFFLINE,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise WorkerFailed(f"failed: {last}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if package := answer.get("missing"):
        raise WorkerFailed(f"not installed ({package} is missing): pip install '.[peers]'")
    return answer


def _measured(
    row: Row, given: Given, documents: Path, folder: Path
) -> tuple[dict[str, Any], Any, Any]:
    """What it costs, and of each question the best passages, and those that fill the budget."""
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was broken off
    folder.mkdir()
    task = {
        "module": row.module,
        "form": row.form,
        "weights": str(given.weights),
        "folder": str(folder),
        "corpus": [str(one) for one in given.corpus],
    }
    load = os.getloadavg()[0]  # of what else runs here; a stack itself adds to the next one's
    built = asked_of_worker(task | {"do": "build", "documents": str(documents)})
    asked = asked_of_worker(
        task
        | {
            "do": "ask",
            "questions": [question.case.question for question in given.questions],
            "characters": BUDGET,
        }
    )
    p50, p95 = np.percentile(asked["milliseconds"], [50, 95])
    costs = {
        "build": {name: built[name] for name in ("seconds", "importing", "cpu", "memory")},
        "chunks": built["chunks"],
        "disk": _size(folder),
        "ready": asked["ready"],
        "p50": float(p50),
        "p95": float(p95),
        "question_cpu": asked["cpu_milliseconds"],
        "memory": asked["memory"],
        "load": load,
        "refused": sorted({*built["refused"], *asked["refused"]}),
    }
    return costs, asked["top"], asked["read"]


def _passages(found: Sequence[Sequence[Sequence[Any]]]) -> list[list[Found]]:
    return [[Found(*one) for one in of_question] for of_question in found]


def _size(folder: Path) -> float:
    """MiB of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _splits(
    questions: Sequence[Question], scores: Sequence[Scores], ours: Sequence[Scores] | None
) -> dict[str, Any]:
    """The means of each split with how many questions they are of, and which of them differ from
    ours by more than chance."""
    found = {}
    for split in ("dev", "test"):
        which = [n for n, question in enumerate(questions) if question.case.split == split]
        if which:
            found[split] = {"questions": len(which)} | _means(which, questions, scores, ours)
    return found


def _means(
    which: Sequence[int],
    questions: Sequence[Question],
    scores: Sequence[Scores],
    ours: Sequence[Scores] | None,
) -> dict[str, Any]:
    means: dict[str, Any] = {}
    differs = []
    for name in asdict(scores[0]):
        values = {n: float(x) for n in which if (x := getattr(scores[n], name)) is not None}
        means[name] = fmean(values.values()) if values else None
        if ours and values:
            base = [float(getattr(ours[n], name)) for n in values]
            clusters = [questions[n].case.cluster for n in values]
            if paired_p(base, list(values.values()), clusters) < _CHANCE:
                differs.append(name)
    return means | {"differs": differs}
