"""The doctor: named checks of an installation, each with a remedy."""

import platform
import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.app import index_summary, language_model
from assistant.coaching.bank import read_bank
from assistant.coaching.lines import read_lines
from assistant.coaching.lint import faults_of_bank
from assistant.errors import AssistantError, IndexMissing
from assistant.index.places import encoder_folder
from assistant.library.corpus import read_corpus
from assistant.library.lint import (
    Library,
    coverage,
    faults_of,
    is_library,
    near_duplicates,
    read_library,
    reading_ease,
)
from assistant.models.embedding import EmbeddingModel
from assistant.models.encoder.shipped import shipped_weights
from assistant.models.entailment import EntailmentModel
from assistant.models.language import Message
from assistant.prompts import read_boundaries, read_frames, read_prompts
from assistant.records import Check
from assistant.resources import COACHING, shipped_corpus
from assistant.settings import Settings, read_settings
from assistant.store.store import open_store

_PACKAGES = ("chromadb", "sentence-transformers", "torch", "llama-index-core", "chainlit")


def check_installation(index: Path | None = None) -> list[Check]:
    """Every check, in the order in which problems are best mended. `index` overrides the
    setting."""
    try:
        settings = read_settings()
        settings = settings.model_copy(update={"index": index}) if index else settings
    except AssistantError as error:
        return [*_platform(), _problem("settings", error)]
    found = [*_platform(), Check(name="settings", state="ok", detail="all known", remedy="")]
    found.append(_weights(settings))
    found.append(_prompts())
    found.append(_language_model(settings))
    found += _second_opinion(settings)
    found += check_corpus(settings.corpus or (shipped_corpus(),), settings.coaching)
    found.append(_store(settings))
    found.append(_index(settings))
    return found


def check_corpus(folders: tuple[Path, ...], coaching: Path | None = None) -> list[Check]:
    """Whether every guidance file can be used, and what a library's own rules say of its notes;
    one check a refused file or a fault. `coaching` is a folder of coaching data in place of the
    library's."""
    try:
        corpus = read_corpus(folders)
    except AssistantError as error:
        return [_problem("corpus", error)]
    refused = [
        Check(name="corpus", state="problem", detail=refusal.reason, remedy="Correct the file.")
        for refusal in corpus.refused
    ]
    dropped = sum(len(reading.dropped) for reading in corpus.readings)
    detail = f"{len(corpus.readings)} documents in {', '.join(map(str, folders))}"
    if dropped:
        detail += f"; {dropped} lines left out as no guidance (adverts, captions, navigation)"
    found = [Check(name="corpus", state="ok", detail=detail, remedy=""), *refused]
    for folder in folders:
        if is_library(folder):
            found += _check_library(folder, coaching)
    return found


def _check_coaching(folder: Path, notes: Collection[str]) -> Iterator[Check]:
    """Whether session plans can be made with the data of a folder, and what its rules say."""
    try:
        bank = read_bank(folder)
    except AssistantError as error:
        yield _problem("coaching data", error)
        return
    detail = (
        f"{len(bank.activities)} activities, {len(bank.prompts)} prompts, "
        f"{len(bank.readiness.items)} readiness items"
    )
    yield Check(name="coaching data", state="ok", detail=detail, remedy="")
    for where, what in faults_of_bank(bank, notes):
        yield Check(
            name="coaching data", state="problem", detail=f"{where}: {what}",
            remedy=f"{folder / 'README.md'} has the rules.",
        )  # fmt: skip


def _check_library(folder: Path, coaching: Path | None) -> Iterator[Check]:
    try:
        library = read_library(folder)
    except AssistantError as error:
        yield _problem("library", error)
        return
    words = sum(len(note.body.split()) for note in library.notes)
    detail = (
        f"{len(library.notes)} notes, {words:,} words, {len(library.references)} references, "
        f"{len(library.glossary.terms)} contested terms"
    )
    yield Check(name="library", state="ok", detail=detail, remedy="")
    coaching = coaching or folder / COACHING
    if coaching.is_dir():
        yield from _check_coaching(coaching, {note.id for note in library.notes})
    for fault in faults_of(library):
        yield Check(
            name="note",
            state="problem",
            detail=f"{fault.where}: {fault.what}",
            remedy=f"{folder / 'README.md'} has the rules.",
        )
    for one, other, share in near_duplicates(library):
        yield Check(
            name="near duplicates",
            state="notice",
            detail=f"{one} and {other} share {share:.0%} of their runs of four words",
            remedy="Say it in one of them, or in other words.",
        )
    yield from _ease(library)
    yield from _coverage(library)


def _ease(library: Library) -> Iterator[Check]:
    ranked = sorted((reading_ease(note), note.id) for note in library.notes)
    mean = sum(ease for ease, _ in ranked) / len(ranked)
    hardest = ", ".join(f"{name} ({ease:.0f})" for ease, name in ranked[:5])
    detail = f"Flesch {mean:.0f} on average; the hardest: {hardest}"
    yield Check(name="reading ease", state="ok", detail=detail, remedy="")


def _coverage(library: Library) -> Iterator[Check]:
    cells = coverage(library)
    empty = [f"{topic} at {stage}" for (topic, stage), notes in cells.items() if not notes]
    detail = f"{len(cells) - len(empty)} of {len(cells)} cells of topic by stage have a note"
    if empty:
        yield Check(
            name="coverage",
            state="notice",
            detail=f"{detail}; none for {', '.join(empty)}",
            remedy="Write a note, or say in README.md why there is none.",
        )
    else:
        yield Check(name="coverage", state="ok", detail=detail, remedy="")


def _platform() -> Iterator[Check]:
    supported = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Check(
        name="python",
        state="ok" if supported else "problem",
        detail=f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        remedy="" if supported else "Use Python 3.11, 3.12 or 3.13.",
    )
    try:
        detail = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
        yield Check(name="packages", state="ok", detail=detail, remedy="")
    except PackageNotFoundError as error:
        yield Check(
            name="packages",
            state="problem",
            detail=f"{error.name} is not installed",
            remedy="Install the product again with: pip install . -c constraints.txt",
        )


def _weights(settings: Settings) -> Check:
    try:
        exports = encoder_folder(settings.index_folder)
        model = EmbeddingModel(settings.embedding_model, settings.embedding_dtype, exports)
        shipped = settings.embedding_model is None
        where = f"the shipped weights in {shipped_weights()}" if shipped else model.fingerprint
        speed = "loaded at once" if model.graph else "loaded in some seconds"
    except AssistantError as error:
        return _problem("embedding model", error)
    return Check(name="embedding model", state="ok", detail=f"{where}, {speed}", remedy="")


def _language_model(settings: Settings) -> Check:
    """Whether the language model answers. The one check that asks another computer, if the
    settings name a model there."""
    name = "language model"
    try:
        model = language_model(settings)
        if model is None:
            return Check(name=name, state="ok", detail="none: answers are quoted", remedy="")
        try:
            reply, tokens = model.complete([Message("user", "Write the word ready.")])
        finally:
            model.close()
    except AssistantError as error:
        return _problem(name, error)
    where = model.choice.elsewhere or "this computer"
    said = " ".join(reply.split())[:40]
    counted = "" if tokens.counted else "; its server counts no tokens, so they are estimated"
    detail = f"{model.name} at {where} answers “{said}”{counted}"
    return Check(name=name, state="ok", detail=detail, remedy="")


def _second_opinion(settings: Settings) -> Iterator[Check]:
    named = settings.second_opinion
    if named is None or named == "model":
        return
    try:
        EntailmentModel(named).load()
    except AssistantError as error:
        yield _problem("second opinion", error)
    else:
        yield Check(name="second opinion", state="ok", detail=named, remedy="")


def _prompts() -> Check:
    try:
        _, fingerprint = read_frames()
        read_boundaries()
        read_prompts()
        read_lines()
    except AssistantError as error:
        return _problem("prompts", error)
    return Check(name="prompts", state="ok", detail=f"fingerprint {fingerprint}", remedy="")


def _index(settings: Settings) -> Check:
    try:
        detail = index_summary(settings)
    except IndexMissing as error:
        return Check(name="index", state="notice", detail=error.message, remedy=error.remedy)
    except AssistantError as error:
        return _problem("index", error)
    return Check(name="index", state="ok", detail=detail, remedy="")


def _store(settings: Settings) -> Check:
    """Whether what people leave behind can be read. A database that is not there yet is made."""
    try:
        with closing(open_store(settings.database)) as store:
            accounts = len(store.accounts.all())
    except AssistantError as error:
        return _problem("database", error)
    detail = f"conversations and feedback can be kept; {accounts} accounts"
    return Check(name="database", state="ok", detail=detail, remedy="")


def _problem(name: str, error: AssistantError) -> Check:
    return Check(name=name, state="problem", detail=error.message, remedy=error.remedy)
