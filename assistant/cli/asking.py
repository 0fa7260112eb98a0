"""The commands that find, answer and show."""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.common import (
    IndexOption,
    JsonOption,
    OnlyOption,
    WithoutOption,
    failures,
    opened,
    print_json,
    width,
)
from assistant.errors import AssistantError, UsageError
from assistant.tracing import TimeLine, timed

if TYPE_CHECKING:
    from assistant.app import Assistant


def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    only: OnlyOption = None,
    without: WithoutOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages, without an answer."""
    with failures(as_json), opened(index) as assistant:
        passages = assistant.search(query, k, tuple(only or ()), tuple(without or ()))
        if as_json:
            print_json([passage.model_dump(mode="json") for passage in passages])
        else:
            from assistant.render import passage_as_text

            shown = [passage_as_text(passage, width()) for passage in passages]
            print("\n\n".join(shown) or "No passage was found.")


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
    timings: Annotated[
        bool, typer.Option("--timings", help="Say how long each step of it took.")
    ] = False,
) -> None:
    """Answer a question from the guidance."""
    with failures(as_json or batch is not None):
        if (question is None) == (batch is None):
            raise UsageError("Give one question, or --batch FILE.", "See: assistant ask --help")
        chosen = tuple(only or ()), tuple(without or ())
        if batch is not None:
            lines = _batch_lines(batch)
            with opened(index) as assistant:
                for line in lines:
                    with _time_line(timings) as steps:
                        answered = _batch_answer(assistant, line, *chosen)
                    print(json.dumps(answered | _timings(steps), ensure_ascii=False))
            return
        assert question is not None
        with _time_line(timings) as steps, opened(index) as assistant:
            answer = assistant.ask(question, (), *chosen)
        if as_json:
            print_json(answer.model_dump(mode="json") | _timings(steps))
        else:
            from assistant.render import answer_as_text, timings_as_text

            print(answer_as_text(answer, width()))
            if steps:
                print(f"\n{timings_as_text(steps.timings())}")


def show(
    document: Annotated[str, typer.Argument(help="The id of a document.")],
    start: Annotated[int | None, typer.Option(min=0, help="First character.")] = None,
    end: Annotated[int | None, typer.Option(min=0, help="Character after the last.")] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the text of a document, to which the offsets of citations refer."""
    with failures(as_json), opened(index, warm=False) as assistant:
        sha256, text = assistant.show(document)
        part = text[start:end]
        if as_json:
            print_json({"document_id": document, "sha256": sha256, "text": part})
        else:
            print(part)


def _time_line(wanted: bool) -> AbstractContextManager[TimeLine | None]:
    return timed() if wanted else nullcontext()


def _timings(steps: TimeLine | None) -> dict[str, object]:
    return {"timings": [asdict(one) for one in steps.timings()]} if steps else {}


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
