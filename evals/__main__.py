"""`python -m evals`: run, lint, calibrate, copied, bench.

Exit codes: 0 passed, 1 gate failed, 2 wrong usage, 3 too many errors to judge."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import Assistant, open_assistant
from assistant.errors import AssistantError
from assistant.resources import shipped_corpus
from assistant.settings import read_settings
from assistant.terminal import TerminalProgress
from evals.bench import bench_table, run_bench
from evals.calibrate import calibrate as calibrate_confidence
from evals.calibrate import calibration_table
from evals.cases import Case, DatasetError, asked_of, read_dataset
from evals.copied import runs_of_library
from evals.lint import lint_cases
from evals.run import CaseResult, as_table, run_cases, summarise, write_results

app = typer.Typer(
    help="Measure the answers.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
DATASETS = Path(__file__).parent / "datasets"
MOST_ERRORS = 0.05  # share of cases above which a run says nothing

DatasetOption = Annotated[
    list[Path] | None, typer.Option("--dataset", help="A YAML file of cases; all shipped if none.")
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.")]


@app.command()
def run(
    dataset: DatasetOption = None,
    index: IndexOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write results.json here.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    show_test: Annotated[
        bool, typer.Option("--show-test", help="List test failures too; then tune on them no more.")
    ] = False,
) -> None:
    """Ask every case, and print what was measured, dev and test apart.

    Failures are listed for dev only: a test split that somebody has read is none any more.
    """
    with _failures(), _open(index) as assistant:
        cases = asked_of(_cases(dataset), assistant.documents())
        with TerminalProgress().step("Asking", len(cases)) as advance:
            results = run_cases(assistant, cases, advance)
        splits = [split for split in ("dev", "test") if any(c.split == split for c in cases)]
        summaries = [summarise(cases, results, split) for split in splits]
        if out:
            write_results(out, results, summaries)
        if as_json:
            print(json.dumps([summary.model_dump(mode="json") for summary in summaries]))
        else:
            print(as_table(summaries))
            shown = ("dev", "test") if show_test else ("dev",)
            _print_failures(cases, results, shown)
        if sum(s.errors for s in summaries) > MOST_ERRORS * len(cases):
            raise typer.Exit(3)
        if any(s.integrity_faults or s.forbidden for s in summaries):
            raise typer.Exit(1)


@app.command()
def lint(dataset: DatasetOption = None, index: IndexOption = None) -> None:
    """Check datasets against the index that they ask about."""
    with _failures(), _open(index) as assistant:
        faults = lint_cases(_cases(dataset), assistant.documents())
        for fault in faults:
            print(fault)
        print(f"{len(faults)} faults")
        if faults:
            raise typer.Exit(1)


@app.command()
def bench(
    as_json: Annotated[bool, typer.Option("--json")] = False,
    chunks: Annotated[
        list[int] | None, typer.Option("--chunks", help="Sizes at which answers are timed.")
    ] = None,
    chat: Annotated[bool, typer.Option("--chat", help="Measure the chat instead.")] = False,
    readers: Annotated[
        int, typer.Option("--readers", min=1, max=500, help="Readers at once, with --chat.")
    ] = 50,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=900, help="How long they ask, with --chat.")
    ] = 60,
    index: IndexOption = None,
) -> None:
    """Speed and memory, as ratios within this one run; of the chat with --chat."""
    with _failures():
        if chat:
            from evals.bench_chat import chat_table, run_chat_bench

            with _open(index) as assistant:
                folder = assistant.index_folder
            found = run_chat_bench(folder, readers, seconds)
            print(json.dumps(found) if as_json else chat_table(found))
            return
        found = run_bench(tuple(chunks or (1_000, 10_000)), TerminalProgress())
        print(json.dumps(found) if as_json else bench_table(found))


@app.command()
def calibrate(dataset: DatasetOption = None, index: IndexOption = None) -> None:
    """Fit the confidence to the dev cases, and print the weights and the curve."""
    with _failures(), _open(index) as assistant:
        cases = asked_of(_cases(dataset), assistant.documents())
        with TerminalProgress().step("Asking", len(cases)) as advance:
            found = calibrate_confidence(assistant, cases, advance)
        print(calibration_table(found))


@app.command()
def copied(
    folder: Annotated[Path, typer.Argument(help="Documents of others, .txt or .md.")],
    words: Annotated[int, typer.Option("--words", min=3, help="The shortest run to report.")] = 8,
) -> None:
    """List the wording that the library's notes share with other documents."""
    with _failures():
        runs = runs_of_library(shipped_corpus(), folder, words)
        for shared in runs:
            print(f"{shared.note}: {shared.words!r} stands in {shared.source}")
        print(f"{len(runs)} runs of {words} words or more")
        if runs:
            raise typer.Exit(1)


def _cases(datasets: list[Path] | None) -> list[Case]:
    paths = datasets or sorted(DATASETS.glob("*.yaml"))
    cases = [case for path in paths for case in read_dataset(path)]
    twice = [name for name, n in Counter(case.id for case in cases).items() if n > 1]
    if twice:
        raise DatasetError(f"Ids in two datasets: {', '.join(twice)}.", "Rename one of each.")
    return cases


def _print_failures(cases: list[Case], results: list[CaseResult], splits: tuple[str, ...]) -> None:
    for case, result in zip(cases, results, strict=True):
        if case.split not in splits:
            continue
        wrong = []
        if result.error:
            wrong.append(f"error: {result.error}")
        elif not result.outcome_right:
            wrong.append(f"{result.outcome} (confidence {result.confidence})")
        wrong += [f"missed: {name}" for name in result.missed if result.outcome == "answered"]
        wrong += [f"says: {phrase}" for phrase in result.forbidden]
        wrong += list(result.integrity_faults)
        if wrong and result.blame:
            wrong.append(f"failed at: {result.blame}")
        if wrong:
            print(f"\n{case.split} {case.id}: {case.question}\n  " + "\n  ".join(wrong))


@contextmanager
def _open(index: Path | None) -> Iterator[Assistant]:
    settings = read_settings()
    if index:
        settings = settings.model_copy(update={"index": index})
    assistant = open_assistant(settings, TerminalProgress())
    try:
        yield assistant
    finally:
        assistant.close()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except AssistantError as error:
        # Whatever keeps a run from happening is no failed gate.
        print(f"{error.name}: {error}", file=sys.stderr)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    app()
