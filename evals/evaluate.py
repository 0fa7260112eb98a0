"""One evaluation from beginning to end: open, ask, measure, check, compare, judge."""

import hashlib
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import ValidationError

from assistant import resources
from assistant.app import Assistant, build, folders_to_read, open_assistant
from assistant.errors import UsageError, field_fault
from assistant.records import Answer
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals import checks
from evals.asking import Journal, Reply, ask_cases
from evals.cases import Case, DatasetError, asked_of, one_sided
from evals.compare import compare
from evals.gates import judge_run
from evals.metrics import METRICS
from evals.ranking import write_trec
from evals.results import CheckResult, Product, Run, Timing, Timings
from evals.run import digest, measure_product

EVERY = 10  # one case in so many is asked again, to see that the answer is the same
# What of the settings changes answers. Folders do not: the index says what is in them.
_ANSWERING = (
    "engine", "embedding_model", "embedding_dtype", "model", "model_url", "model_context",
    "unsupported", "second_opinion",
)  # fmt: skip
_CHECKS = (
    checks.same_when_mistyped, checks.same_when_careless, checks.same_in_other_words,
    checks.same_with_acronym, checks.declines_without_evidence, checks.holds_from_cited_alone,
    checks.changes_without_cited, checks.follow_ups_are_answered,
)  # fmt: skip
_IRRELEVANT = """# Fishing rods and floats

A float keeps the bait at the depth where the fish feed. A light rod bends before a line breaks.
Dry the line after a day by the sea, and keep hooks in a closed box.
"""


def evaluate(
    subjects: Mapping[str, Settings],
    cases: Sequence[Case],
    progress: TerminalProgress,
    deadline: float,
    baseline: Product | None = None,
    with_checks: bool = False,
    out: Path | None = None,
) -> tuple[Run, Timings]:
    """Ask every product all cases that its index can be asked; the first one is judged.

    With `out`, replies are kept there as they come, and a run that was broken off goes on.
    Raises DatasetError if nothing can be asked, or answerable or unanswerable questions alone;
    otherwise as `open_assistant`.
    """
    products, timings = [], []
    found: tuple[CheckResult, ...] = ()
    for number, (name, settings) in enumerate(subjects.items()):
        with opened(settings, progress) as assistant:
            product, timing, asked, answers = _ask(
                assistant, name, settings, cases, progress, deadline, out
            )
            products.append(product)
            timings.append(timing)
            if number == 0:
                if out:
                    write_trec(out, {c.id: c.grades for c in asked if c.gold}, product)
                found = tuple(_checks(assistant, settings, asked, answers, progress, with_checks))
    comparison = compare(baseline, products[0], METRICS) if baseline else None
    return judge_run(products, found, comparison), Timings(products=tuple(timings))


def variants(settings: Settings, named: Sequence[str]) -> dict[str, Settings]:
    """The products to ask: as set, and one for each `NAME:setting=value,...`.

    Raises UsageError for what makes no sense.
    """
    subjects = {"as set": settings}
    for text in named:
        name, _, changes = text.partition(":")
        pairs = [change.partition("=") for change in changes.split(",")]
        if not name or name in subjects or not all(key and value for key, _, value in pairs):
            problem = f"{text!r} is no variant."
            raise UsageError(problem, "Write NAME:setting=value, each name once.")
        try:
            changed = {key.strip(): value.strip() for key, _, value in pairs}
            subjects[name] = Settings(**(settings.model_dump() | changed))
        except ValidationError as error:
            faults = "; ".join(map(field_fault, error.errors()))
            raise UsageError(f"{text!r}: {faults}.", "See .env.example for settings.") from error
    return subjects


def opened(settings: Settings, progress: TerminalProgress) -> closing[Assistant]:
    """An assistant for as long as it is needed."""
    return closing(open_assistant(settings, progress))


def _ask(
    assistant: Assistant,
    name: str,
    settings: Settings,
    cases: Sequence[Case],
    progress: TerminalProgress,
    deadline: float,
    out: Path | None,
) -> tuple[Product, Timing, list[Case], dict[str, Answer]]:
    texts = assistant.documents()
    asked = asked_of(cases, texts)
    _refuse_one_sided(asked)
    chosen = {key: str(getattr(settings, key) or "") for key in _ANSWERING} | {"code": _code()}
    assistant.warm_up()
    start = time.perf_counter()
    journal = _journal(out, name, asked, texts, chosen, deadline) if out else None
    try:
        with progress.step(f"Asking ({name})", len(asked)) as advance:
            replies = ask_cases(assistant, asked, deadline, advance, journal)
    finally:
        if journal:
            journal.close()
    product = measure_product(name, asked, replies, texts, chosen)
    if journal:
        journal.done()
    total = time.perf_counter() - start
    return product, _timing(name, replies, total), asked, _answers(replies)


def _refuse_one_sided(cases: Sequence[Case]) -> None:
    if not cases:
        raise DatasetError(
            "No case can be asked of this index: none of its documents are named in the gold.",
            "Name the index that the dataset was written for, with --index.",
        )
    if fault := one_sided(cases):
        other = "unanswerable" if cases[0].answerable else "answerable"
        raise DatasetError(
            f"{cases[0].place}: {fault}.",
            f"Add {other} ones, or another --dataset that has some.",
        )


def _journal(
    out: Path,
    name: str,
    cases: Sequence[Case],
    texts: Mapping[str, tuple[str, str]],
    settings: Mapping[str, str],
    deadline: float,
) -> Journal:
    documents = sorted((key, sha256) for key, (sha256, _) in texts.items())
    content = [name, digest(cases), documents, dict(settings), deadline]
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return Journal(out / f"unfinished-{hashlib.sha256(name.encode()).hexdigest()[:8]}.jsonl", key)


def _code() -> str:
    """What else answers depend on: the product's code, its own words and the glossary."""
    files = [
        *sorted(Path(resources.__file__).parent.rglob("*.py")),
        *sorted(resources.shipped_prompts().iterdir()),
        resources.shipped_corpus() / "glossary.yaml",
    ]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _answers(replies: Sequence[Reply]) -> dict[str, Answer]:
    return {reply.id: reply.answer for reply in replies if reply.answer}


def _timing(name: str, replies: Sequence[Reply], total: float) -> Timing:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Timing(
        product=name,
        answers={reply.id: round(reply.seconds, 4) for reply in replies},
        total=round(total, 3),
        peak_mib=round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1),
    )


def _checks(
    assistant: Assistant,
    settings: Settings,
    cases: Sequence[Case],
    answers: Mapping[str, Answer],
    progress: TerminalProgress,
    all_of_them: bool,
) -> Iterator[CheckResult]:
    """Equal answers are checked always, the rest if wanted: each asks every question anew."""
    some = [case for case in cases if case.id in answers][::EVERY]
    with progress.step(checks.repeats.title, len(some)) as advance:
        yield checks.repeats(assistant, some, answers, advance)
    if not all_of_them:
        return
    dev = [case for case in cases if case.split == "dev" and case.id in answers]
    for check in _CHECKS:
        with progress.step(check.title, len(dev)) as advance:
            yield check(assistant, dev, answers, advance)
    last = checks.same_with_an_irrelevant_document
    with (
        _with_another_document(assistant, settings, progress) as other,
        progress.step(last.title, len(dev)) as advance,
    ):
        yield last(other, dev, answers, advance)


@contextmanager
def _with_another_document(
    assistant: Assistant, settings: Settings, progress: TerminalProgress
) -> Iterator[Assistant]:
    """The same index with a document about something else in it."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        (corpus / "fishing.md").write_text(_IRRELEVANT, "utf-8")
        shutil.copytree(assistant.index_folder, index)
        changed = settings.model_copy(update={"index": index})
        build(changed, progress, (*folders_to_read(changed), corpus))
        with opened(changed, progress) as other:
            yield other
