"""The command line. Thin: options in, one call of the product, text or JSON out."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant.errors import AssistantError, UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.records import BuildReport
    from assistant.settings import Settings
    from assistant.terminal import TerminalProgress

app = typer.Typer(
    name="assistant",
    help="Answers from implementation guidance, with the exact source of every sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder of the index, instead of your data folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Use this document only.")]
WithoutOption = Annotated[list[str] | None, typer.Option("--without", help="Leave this one out.")]


@app.command()
def build(
    corpus: Annotated[
        list[Path] | None, typer.Option("--corpus", help="A folder of guidance to index.")
    ] = None,
    index: IndexOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any file is refused.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the index, or bring it up to date."""
    with _failures(as_json):
        from assistant.app import build as build_index

        report = build_index(_settings(index), _progress(), tuple(corpus or ()))
        _print_report(report, as_json)
        if strict and report.refused:
            raise typer.Exit(1)


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add documents of your own, beside the guidance that is there."""
    with _failures(as_json):
        from assistant.app import add as add_to_index

        report = add_to_index(_settings(index), _progress(), paths)
        _print_report(report, as_json)
        if report.refused and not report.new + report.replaced:
            raise typer.Exit(1)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of documents that were added.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove documents that were added, with every trace of their text."""
    with _failures(as_json):
        from assistant.app import remove as remove_from_index

        _print_report(remove_from_index(_settings(index), _progress(), ids), as_json)


@app.command("list")
def list_documents(
    everything: Annotated[bool, typer.Option("--all", help="The shipped library as well.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List your own documents, and what became of each."""
    with _failures(as_json), _open(index, warm=False) as assistant:
        from assistant.app import is_own
        from assistant.render import printable

        listed = assistant.listed()
        shown = [one for one in listed if everything or is_own(Path(one.path))]
        if as_json:
            _print_json([one.model_dump(mode="json") for one in shown])
            return
        for one in shown:
            place = printable(one.path)
            print(f"{one.document_id}  {printable(one.title)}")
            print(f"  {one.state}, {one.chunks} passages, {place}")
            if one.reason:
                print(f"  {printable(one.reason)}")
        if left := len(listed) - len(shown):
            print(f"And {left} notes of the shipped library, which --all lists.")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    only: OnlyOption = None,
    without: WithoutOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages, without an answer."""
    with _failures(as_json), _open(index) as assistant:
        passages = assistant.search(query, k, tuple(only or ()), tuple(without or ()))
        if as_json:
            _print_json([passage.model_dump(mode="json") for passage in passages])
        else:
            from assistant.render import passage_as_text

            shown = [passage_as_text(passage, _width()) for passage in passages]
            print("\n\n".join(shown) or "No passage was found.")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="A question in plain words.")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch", help='JSON lines {"id", "question", "history"}; - for standard input.'
        ),
    ] = None,
    only: OnlyOption = None,
    without: WithoutOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the guidance."""
    with _failures(as_json or batch is not None):
        if (question is None) == (batch is None):
            raise UsageError("Give one question, or --batch FILE.", "See: assistant ask --help")
        chosen = tuple(only or ()), tuple(without or ())
        if batch is not None:
            lines = _batch_lines(batch)
            with _open(index) as assistant:
                for line in lines:
                    print(json.dumps(_batch_answer(assistant, line, *chosen), ensure_ascii=False))
            return
        assert question is not None
        with _open(index) as assistant:
            answer = assistant.ask(question, (), *chosen)
        if as_json:
            _print_json(answer.model_dump(mode="json"))
        else:
            from assistant.render import answer_as_text

            print(answer_as_text(answer, _width()))


@app.command()
def show(
    document: Annotated[str, typer.Argument(help="The id of a document.")],
    start: Annotated[int | None, typer.Option(min=0, help="First character.")] = None,
    end: Annotated[int | None, typer.Option(min=0, help="Character after the last.")] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the text of a document, to which the offsets of citations refer."""
    with _failures(as_json), _open(index, warm=False) as assistant:
        sha256, text = assistant.show(document)
        part = text[start:end]
        if as_json:
            _print_json({"document_id": document, "sha256": sha256, "text": part})
        else:
            print(part)


@app.command()
def chat(
    host: Annotated[
        str, typer.Option("--host", help="The address to listen at; by default this computer only.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8000,
    index: IndexOption = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
) -> None:
    """Open the chat in the browser."""
    with _failures(False):
        settings = _settings(index)
        progress = _progress()
        with progress.waiting("Starting"):
            from assistant.chat.server import serve

        serve(settings, host, port, progress, browser and sys.stdout.isatty())


@app.command()
def check(
    corpus: Annotated[
        bool, typer.Option("--corpus", help="Check the guidance files only.")
    ] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """See whether everything works, and what to do if not."""
    with _failures(as_json):
        from assistant.check import check_corpus, check_installation
        from assistant.resources import shipped_corpus

        if corpus:
            checks = check_corpus(_settings(index).corpus or (shipped_corpus(),))
        else:
            checks = check_installation(index)
        if as_json:
            _print_json([one.model_dump(mode="json") for one in checks])
        else:
            for one in checks:
                print(f"{one.state:8} {one.name}: {one.detail}")
                if one.remedy:
                    print(f"{'':8} -> {one.remedy}")
        if any(one.state == "problem" for one in checks):
            raise typer.Exit(1)


def _print_report(report: "BuildReport", as_json: bool) -> None:
    """What a change of the index did; what should be known of files goes to standard error."""
    from assistant.render import printable

    for refusal in report.refused:
        print(f"Refused: {printable(refusal.reason)}", file=sys.stderr)
    for remark in report.remarks:
        path = printable(remark.path)
        for line in remark.warnings:
            print(f"Note: {path}: {line}", file=sys.stderr)
        if remark.dropped:
            shown = "; ".join(f"“{textwrap.shorten(line, 60)}”" for line in remark.dropped[:3])
            more = f" and {len(remark.dropped) - 3} more" if len(remark.dropped) > 3 else ""
            print(f"Left out of {path} as no guidance: {shown}{more}", file=sys.stderr)
    if as_json:
        _print_json(report.model_dump(mode="json"))
    else:
        print(
            f"{report.documents} documents in {report.chunks} chunks: {report.new} new, "
            f"{report.unchanged} unchanged, {report.replaced} replaced, {report.removed} "
            f"removed, {len(report.refused)} refused. {report.seconds} s. {report.index}"
        )


def _width() -> int:
    """Columns to write in: the terminal's, but no line longer than is pleasant to read."""
    return max(40, min(96, shutil.get_terminal_size((96, 24)).columns))


def _settings(index: Path | None) -> "Settings":
    from assistant.settings import read_settings

    settings = read_settings()
    return settings.model_copy(update={"index": index}) if index else settings


def _progress() -> "TerminalProgress":
    from assistant.terminal import TerminalProgress

    return TerminalProgress()


@contextmanager
def _open(index: Path | None, warm: bool = True) -> Iterator["Assistant"]:
    """The assistant, its model loaded where questions follow."""
    settings = _settings(index)
    progress = _progress()
    with progress.waiting("Loading"):
        from assistant.app import open_assistant

    assistant = open_assistant(settings, progress)
    try:
        if warm:
            with progress.waiting("Loading the model"):
                assistant.warm_up()
        yield assistant
    finally:
        assistant.close()


def _batch_lines(batch: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The batch {batch} cannot be read: {error}.", "Name a UTF-8 file."
        ) from error
    return [line for line in text.split("\n") if line.strip()]


def _batch_answer(
    assistant: "Assistant", line: str, only: tuple[str, ...], without: tuple[str, ...]
) -> dict[str, object]:
    """The answer to one line of a batch, or what is wrong with the line."""
    name: object = None
    try:
        record = _batch_record(line)
        name = record.get("id")
        question, history = _batch_question(record)
        answer = assistant.ask(question, history, only, without)
        return answer.model_dump(mode="json") | {"id": name}
    except AssistantError as error:
        return {"id": name, "error": {"type": error.name, "message": str(error)}}


_BATCH_REMEDY = 'A line is {"id": "...", "question": "...", "history": ["..."]}.'


def _batch_record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"The line is not JSON: {error}.", _BATCH_REMEDY) from error
    if not isinstance(record, dict):
        raise UsageError("The line is not an object.", _BATCH_REMEDY)
    return record


def _batch_question(record: dict[str, Any]) -> tuple[str, list[str]]:
    question, history = record.get("question"), record.get("history") or []
    if not isinstance(question, str):
        raise UsageError("The line has no question.", _BATCH_REMEDY)
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise UsageError("The history is not a list of texts.", _BATCH_REMEDY)
    return question, history


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


@contextmanager
def _failures(as_json: bool) -> Iterator[None]:
    """The one place where errors become messages and exit codes."""
    try:
        yield
    except AssistantError as error:
        _fail(error.name, str(error), error.exit_code, as_json)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        raise typer.Exit(130) from None
    except BrokenPipeError:
        # The reader of our output (such as `head`) has left; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


def _fail(name: str, message: str, code: int, as_json: bool) -> NoReturn:
    if as_json:
        _print_json({"error": {"type": name, "message": message}})
    else:
        from assistant.render import printable

        print(f"{name}: {printable(message)}", file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """The console command: no traceback reaches a person, and JSON callers always get JSON."""
    wants_json = "--json" in sys.argv or "--batch" in sys.argv
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 130
    except typer.TyperException as error:
        message = error.format_message()
        if wants_json:
            _print_json({"error": {"type": "UsageError", "message": message}})
        else:
            print(f"{message}\nSee: assistant --help", file=sys.stderr)
        code = error.exit_code
    except Exception as error:  # noqa: BLE001  # the outermost door: no traceback goes further
        from assistant.failure_log import log_failure

        message = f"Something failed that should not: {error}. Details: {log_failure(error)}"
        if wants_json:
            _print_json({"error": {"type": type(error).__name__, "message": message}})
        else:
            print(message, file=sys.stderr)
        code = 1
    sys.exit(code or 0)
