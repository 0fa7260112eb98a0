"""`python -m evals bench`: which measurement is meant, and its figures as a table or as JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.errors import UsageError
from assistant.terminal import TerminalProgress
from evals.cases import asked_of
from evals.common import IndexOption, cases_of, failures, opened_over, settings_of

Figures = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What the options say. None: what the measurement takes by itself."""

    index: Path | None
    chunks: tuple[int, ...]
    readers: int | None
    seconds: float
    minutes: float
    database: str
    keep: Path | None
    plot: Path | None


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and no table.")] = False,
    chat: Annotated[bool, typer.Option("--chat", help="Measure the chat.")] = False,
    load: Annotated[
        bool, typer.Option("--load", help="Measure the chat under the load of a team.")
    ] = False,
    documents: Annotated[
        bool, typer.Option("--documents", help="Measure the adding of documents.")
    ] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Measure what the language model adds.")
    ] = False,
    sessions: Annotated[
        bool, typer.Option("--plans", help="Measure session plans and files.")
    ] = False,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Measure the start, and the encoding of texts.")
    ] = False,
    profile: Annotated[
        bool, typer.Option("--profile", help="Show where the time goes of an answer and a build.")
    ] = False,
    sizes: Annotated[
        bool, typer.Option("--sizes", help="Measure how all grows with the number of chunks.")
    ] = False,
    peers: Annotated[
        bool, typer.Option("--peers", help="Measure other retrieval stacks beside ours.")
    ] = False,
    chunks: Annotated[
        list[int] | None,
        typer.Option("--chunks", help="Sizes at which answers are timed, or all with --sizes."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            help="Where to keep what --sizes and --peers build and measure: what is there already "
            "is not measured again.",
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Where to draw the growth (.svg), with --sizes.")
    ] = None,
    readers: Annotated[
        int | None,
        typer.Option(
            min=1, max=500,
            help="Readers at once, 50 if not said with --chat, and 200 with --load.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=900, help="How long they ask, with --chat.")
    ] = 60,
    minutes: Annotated[
        float, typer.Option(min=0.1, max=60, help="How long they ask, with --load.")
    ] = 10,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="ASSISTANT_DATABASE_URL",
            help="Address of an empty database, with --load; one for this run if none.",
        ),
    ] = None,
    index: IndexOption = None,
) -> None:  # fmt: skip
    """Speed and memory, as ratios within this one run; of answers, if nothing else is said."""
    asked = [
        measure
        for measure, is_wanted in (
            (_chat, chat), (_load, load), (_documents, documents), (_model, model),
            (_plans, sessions), (_encoder, encoder), (_profile, profile), (_sizes, sizes),
            (_peers, peers),
        )
        if is_wanted
    ]  # fmt: skip
    with failures():
        if len(asked) > 1:
            raise UsageError("Only one thing is measured at a time.", "Name one of them.")
        measure: Callable[[Wanted], tuple[Figures, str]] = asked[0] if asked else _answers
        figures, shown = measure(
            Wanted(
                index, tuple(chunks or ()), readers, seconds, minutes, database or "", keep, plot
            )
        )
        print(json.dumps(figures) if as_json else shown)


def _answers(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.answers import bench_table, run_bench

    found = run_bench(wanted.chunks or (1_000, 10_000), TerminalProgress())
    return found, bench_table(found)


def _encoder(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.encoder import encoder_table, run_encoder_bench

    with opened_over(wanted.index) as assistant:
        folder = assistant.index_folder
    found = run_encoder_bench(folder)
    return found, encoder_table(found)


def _profile(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.profile import profile_table, run_profile

    with opened_over(wanted.index) as assistant:
        folder = assistant.index_folder
    found = run_profile(folder)
    return found, profile_table(found)


def _sizes(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.sizes import run_sizes_bench, sizes_table

    with opened_over(wanted.index) as assistant:
        library = assistant.index_folder
    found = run_sizes_bench(wanted.chunks or (10_000, 100_000, 1_000_000), library, wanted.keep)
    if wanted.plot:
        from evals.bench.curves import draw_curves

        draw_curves(found, wanted.plot)
    return found, sizes_table(found)


def _chat(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.chat import chat_table, run_chat_bench

    with opened_over(wanted.index) as assistant:
        folder = assistant.index_folder
    found = run_chat_bench(folder, wanted.readers or 50, wanted.seconds)
    return found, chat_table(found)


def _load(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.limits import beyond, load_table
    from evals.bench.load import run_load_bench

    with opened_over(wanted.index) as assistant:
        folder, texts = assistant.index_folder, assistant.documents()
    cases = [case for case in asked_of(cases_of(None), texts) if case.split == "dev"]
    questions = [case.question for case in cases if not case.history]
    readers = wanted.readers or 200
    found = run_load_bench(folder, questions, readers, wanted.minutes, wanted.database)
    return found | {"beyond": beyond(found)}, load_table(found)


def _documents(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.documents import documents_table, run_documents_bench

    found = run_documents_bench(max(wanted.chunks or (10_000,)))
    return found, documents_table(found)


def _model(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.model import model_table, run_model_bench

    found = run_model_bench(settings_of(wanted.index))
    return found, model_table(found)


def _plans(wanted: Wanted) -> tuple[Figures, str]:
    from evals.plans.bench import plans_bench_table, run_plans_bench

    with opened_over(wanted.index) as assistant:
        found = run_plans_bench(assistant)
    return found, plans_bench_table(found)


def _peers(wanted: Wanted) -> tuple[Figures, str]:
    from evals.bench.peers.run import given_by, run_peers_bench
    from evals.bench.peers.table import peers_table

    given = given_by(settings_of(wanted.index))
    found = run_peers_bench(given, TerminalProgress(), keep=wanted.keep)
    return found, peers_table(found)
