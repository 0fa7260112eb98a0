"""Documents of one's own as their owners meet them: added, asked, replaced, removed, and added
while somebody pulls the plug."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from assistant.app import Assistant, add, build, open_assistant, remove
from assistant.index.build import add_documents
from assistant.index.ledger.ledger import Ledger
from assistant.index.places import generation_folder
from assistant.index.vectors import VectorGeneration
from assistant.models.embedding import Vectors
from assistant.records import Answer
from assistant.resources import shipped_corpus
from assistant.settings import Settings
from tests.corpora import build_small, contents_of, faults_of, write_corpus
from tests.fakes import SilentProgress, WordHashModel
from tests.library.making_files import paragraph, web_page, word
from tests.library.making_pdfs import prose

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests/library/files"
FIDELITY = ("What are the five dimensions of fidelity?", "What is fidelity?",
            "Is our fidelity score good?")  # fmt: skip
COACHING = ("Is training enough?", "What did Joyce and Showers say about coaching?")
PLAN = "Coaches visit every class twice a month, and write down what they saw."


class Home:
    """An index of two notes with documents beside it, made once and asked by several tests."""

    def __init__(self, folder: Path) -> None:
        self.ours = folder / "ours"
        self.ours.mkdir(parents=True)
        notes = folder / "corpus"
        notes.mkdir()
        for name in ("adaptation/fidelity.md", "teams/training-and-coaching.md"):
            shutil.copy(shipped_corpus() / "notes" / name, notes)
        shutil.copy(shipped_corpus() / "references.yaml", notes)
        for name in ("note.pdf", "note.docx", "two-columns.pdf"):
            shutil.copy(FILES / name, self.ours)
        self.write("note.docx.yaml", "id: coaching\nyear: 2025\n")
        self.write("plan.txt", PLAN)
        self.settings = Settings(index=folder / "index", corpus=(notes,))
        self.report = add(self.settings, SilentProgress(), [self.ours])

    def write(self, name: str, text: str) -> Path:
        path = self.ours / name
        path.write_text(text, "utf-8")
        return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def assistant(home: Home) -> Any:
    one = open_assistant(home.settings, SilentProgress())
    yield one
    one.close()


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.slow
def test_a_folder_of_formats_is_added_in_one_go(home: Home) -> None:
    assert (home.report.new, home.report.documents, home.report.refused) == (6, 6, ())
    remarks = {Path(one.path).name: one.dropped for one in home.report.remarks}
    assert remarks["note.pdf"] == ("District guide to implementation", "Page 1")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["note", "two-columns"])
@pytest.mark.parametrize("question", FIDELITY)
def test_a_pdf_of_a_note_gives_the_quotes_of_the_note(
    assistant: Assistant, name: str, question: str
) -> None:
    expected = assistant.ask(question, only=["fidelity"])
    found = assistant.ask(question, only=[name])
    assert expected.outcome == "answered"
    assert quotes(found) == quotes(expected)
    assert [c.section for c in found.citations] == [c.section for c in expected.citations]
    assert {c.document_id for c in found.citations} == {name}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["note", "two-columns"])
def test_a_quote_of_a_pdf_stands_on_the_page_that_is_named(assistant: Assistant, name: str) -> None:
    pages = PdfReader(FILES / f"{name}.pdf").pages
    printed = ["".join(page.extract_text().split()) for page in pages]
    named = set()
    for question in FIDELITY:
        for citation in assistant.ask(question, only=[name]).citations:
            assert citation.page is not None
            named.add(citation.page)
            assert citation.page_label == str(citation.page)
            # Markers of lists, and the columns, may look otherwise to another program.
            first = "".join(citation.quote.split("\n")[0].split()[:8])
            assert [n for n, page in enumerate(printed, 1) if first in page] == [citation.page]
    assert len(named) > 1


@pytest.mark.slow
@pytest.mark.parametrize("question", COACHING)
def test_a_word_file_of_a_note_gives_its_quotes_with_the_section_and_no_page(
    assistant: Assistant, question: str
) -> None:
    expected = assistant.ask(question, only=["training-and-coaching"])
    found = assistant.ask(question, only=["coaching"])
    assert quotes(found) == quotes(expected)
    assert [c.section for c in found.citations] == [c.section for c in expected.citations]
    assert {(c.document_id, c.page, c.year) for c in found.citations} == {("coaching", None, 2025)}


@pytest.mark.slow
def test_only_chooses_among_the_documents_and_without_leaves_some_out(
    assistant: Assistant,
) -> None:
    both = assistant.ask(FIDELITY[0], only=["note", "fidelity"])
    assert {c.document_id for c in both.citations} <= {"note", "fidelity"}
    others = assistant.ask(FIDELITY[0], without=["note", "two-columns"])
    assert {c.document_id for c in others.citations} == {"fidelity"}


@pytest.mark.slow
def test_what_an_older_answer_quoted_is_shown_after_the_file_was_replaced(home: Home) -> None:
    assistant = open_assistant(home.settings, SilentProgress())
    try:
        (old,) = assistant.ask("How often do coaches visit a class?", only=["plan"]).citations
        assert old.quote == PLAN
        path = home.write("plan.txt", "Coaches visit every class once a week, and ask first.")
        assert add(home.settings, SilentProgress(), [path]).replaced == 1
        was = assistant.source("plan", old.document_sha256)
        assert (was.text[old.start : old.end], was.replaced) == (PLAN, True)
        now = assistant.ask("How often do coaches visit a class?", only=["plan"])
        assert PLAN not in quotes(now)
        assert assistant.source("plan", now.citations[0].document_sha256).replaced is False
        assert build(home.settings, SilentProgress()).unchanged == 6
    finally:
        assistant.close()


@pytest.mark.slow
def test_a_removed_document_is_in_no_answer_of_an_assistant_that_is_open(home: Home) -> None:
    home.write("short.txt", "The swing band meets on the third floor at noon.")
    add(home.settings, SilentProgress(), [home.ours / "short.txt"])
    assistant = open_assistant(home.settings, SilentProgress())
    try:
        assert "short" in assistant.own_documents()
        assert remove(home.settings, SilentProgress(), ["short"]).removed == 1
        assert "short" not in assistant.own_documents()
        assert all("swing" not in text for _, text in assistant.documents().values())
    finally:
        assistant.close()


def run(*arguments: str | Path, **variables: str) -> tuple[int, Any, str]:
    """The exit code of a command with --json, what it printed, and what it said beside that."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *map(str, arguments), "--json"],
        env=os.environ | variables, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.mark.slow
def test_the_commands_from_adding_to_removing(tmp_path: Path) -> None:
    index, ours = ("--index", tmp_path / "index"), tmp_path / "ours"
    ours.mkdir()
    corpus = str(write_corpus(tmp_path / "corpus", 1))
    shutil.copy(FILES / "scan.pdf", ours)
    (ours / "plan.docx").write_bytes(word(paragraph("Our plan", "Title") + paragraph(PLAN)))

    code, report, beside = run("add", ours, *index, ASSISTANT_CORPUS=corpus)
    assert (code, report["new"], len(report["refused"])) == (0, 2, 1)
    assert beside.startswith(f"Refused: {ours}/scan.pdf: has no text that can be read")

    code, listed, _ = run("list", *index, ASSISTANT_CORPUS=corpus)
    known = {one["document_id"]: one for one in listed}
    assert code == 0
    assert known["plan"]["state"] == "indexed"
    assert known["plan"]["title"] == "Our plan"
    assert known["scan"]["state"] == "refused"
    assert "it may be a scan" in known["scan"]["reason"]

    code, report, _ = run("add", ours / "scan.pdf", *index, ASSISTANT_CORPUS=corpus)
    assert (code, report["new"], len(report["refused"])) == (1, 0, 1)
    code, failed, _ = run("add", ours / "gone.pdf", *index, ASSISTANT_CORPUS=corpus)
    assert (code, failed["error"]["type"]) == (2, "UsageError")
    assert f"There is no file or folder {ours}/gone.pdf." in failed["error"]["message"]

    code, report, _ = run("remove", "plan", *index, ASSISTANT_CORPUS=corpus)
    assert (code, report["removed"], report["documents"]) == (0, 1, 1)
    code, failed, _ = run("remove", "plan", *index, ASSISTANT_CORPUS=corpus)
    assert (code, failed["error"]["type"]) == (1, "DocumentNotFound")


KINDS = (".txt", ".md", ".html", ".docx")


def write_own(folder: Path, number: int, seed: int) -> Path:
    """A small document of random sentences; the format goes with the number."""
    kind, said = KINDS[number % 4], [prose(60, seed=7 * seed + n) for n in range(2)]
    title, heading = f"Plan {number}", "What to do"
    folder.mkdir(exist_ok=True)
    path = folder / f"own-{number}{kind}"
    if kind == ".docx":
        parts = [paragraph(title, "Title"), paragraph(heading, "Heading1"), *map(paragraph, said)]
        path.write_bytes(word("".join(parts)))
    elif kind == ".html":
        body = "".join(f"<p>{text}</p>" for text in said)
        path.write_bytes(web_page(f"<h1>{title}</h1><h2>{heading}</h2>{body}"))
    else:
        marks = ("# ", "## ") if kind == ".md" else ("", "")
        lines = [f"{marks[0]}{title}", f"{marks[1]}{heading}", *said]
        path.write_text("\n\n".join(lines), "utf-8")
    return path


def start(index: Path, corpus: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.adder", str(index), str(corpus)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def killed_in(process: subprocess.Popen[str], seconds: float, **asked: object) -> bool:
    """Let it begin, end it after that time, and say whether that cut it short."""
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "{}\n"
    process.stdin.write(json.dumps(asked, default=str) + "\n")
    process.stdin.flush()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    assert err == ""
    return out == ""


def vectors_of(index: Path) -> dict[str, Vectors]:
    """The vectors of all chunks and signposts as they are searched."""
    ledger = Ledger(index)
    state = ledger.state()
    ledger.close()
    assert state
    generation = VectorGeneration(generation_folder(index, state.generation))
    found: dict[str, Vectors] = {}
    for kind in ("chunks", "signposts"):
        held = getattr(generation, kind)._collection.get(include=["embeddings"])
        found |= {
            f"{kind} {name}": vector
            for name, vector in zip(held["ids"], held["embeddings"], strict=True)
        }
    generation.close()
    return found


def documents_of(index: Path) -> dict[str, tuple[str, str]]:
    ledger = Ledger(index)
    try:
        return {name: ledger.texts.of(name) for name in ledger.documents.entries()}
    finally:
        ledger.close()


@pytest.mark.slow
def test_a_hundred_documents_added_changed_and_removed_through_ten_kills(tmp_path: Path) -> None:
    corpus, ours, index = (
        write_corpus(tmp_path / "corpus", 2),
        tmp_path / "ours",
        tmp_path / "index",
    )
    fresh, final = tmp_path / "fresh", tmp_path / "final"
    for number in range(100):
        write_own(ours, number, seed=number)
    for number in range(10, 100):
        write_own(final, number, seed=number + 1_000 * (number < 20))
    build_small(fresh, corpus)
    began = time.monotonic()
    report = add_documents(fresh, [final], (corpus,), WordHashModel(), SilentProgress())
    usual = time.monotonic() - began
    assert (report.new, report.refused) == (90, ())

    build_small(index, corpus)
    waiting = [start(index, corpus) for _ in range(10)]
    chance = random.Random(7)
    removed = [f"own-{number}" for number in range(10)]
    cut_short = 0
    for kill, process in enumerate(waiting):
        if kill == 5:
            add_documents(index, [ours], (corpus,), WordHashModel(), SilentProgress())
            for number in range(10, 20):
                write_own(ours, number, seed=number + 1_000)
        if kill < 5:
            asked: dict[str, object] = {"add": [ours]}
            most = usual
        else:
            asked, most = {"build": True} if kill < 8 else {"remove": removed}, usual / 3
        cut_short += killed_in(process, chance.uniform(0, most), **asked)
        assert faults_of(index) == []
    assert cut_short >= 4, "too few were cut short to prove anything"

    rerun = start(index, corpus)
    left = sorted(set(removed) & set(documents_of(index)))
    asked = {"build": True} | ({"remove": left} if left else {})
    out, err = rerun.communicate(json.dumps(asked) + "\n")
    assert (err, "error" in out) == ("", False)
    assert contents_of(index) == contents_of(fresh)
    assert documents_of(index) == documents_of(fresh)
    here, there = vectors_of(index), vectors_of(fresh)
    assert here.keys() == there.keys()
    assert all(np.abs(here[name] - there[name]).max() <= 1e-5 for name in here)
    assert faults_of(index) == []
    assert len(list((index / "generations").glob("*/"))) == 1
