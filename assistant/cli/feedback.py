"""The commands for what readers think of replies."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.cli.common import JsonOption, failures, opened_store, print_json

if TYPE_CHECKING:
    from assistant.store.records import Feedback

feedback_app = typer.Typer(help="What readers think of replies.", no_args_is_help=True)
# The verdicts once more: their own module would make every command slower to start.
VerdictChoice = Literal["helpful", "not_helpful", "wrong_evidence", "missing_guidance"]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Nothing earlier than this day, in UTC."),
]


@feedback_app.command("list")
def list_feedback(
    since: SinceOption = None,
    verdict: Annotated[VerdictChoice | None, typer.Option(help="This verdict only.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List what readers think of replies, oldest first, without their names."""
    with failures(as_json):
        with opened_store() as store:
            found = store.feedback.all(_moment_of(since), verdict)
        if as_json:
            print_json([one.model_dump(mode="json") for one in found])
            return
        for one in found:
            _print_feedback(one)
        print(f"{len(found)} in all.")


@feedback_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The new YAML file.")],
    since: SinceOption = None,
) -> None:
    """Write questions with wrong evidence or missing guidance as cases to be reviewed."""
    with failures(as_json=False):
        from assistant.render import printable
        from assistant.store.proposals import propose, write_new

        with opened_store() as store:
            proposed = propose(store.feedback.all(_moment_of(since)))
        if proposed.left_out:
            print(f"Left out, as no answer to a question: {proposed.left_out}.")
        if not proposed.cases:
            print("There is nothing to propose, and no file was written.")
            return
        write_new(file, proposed.text)
        print(
            f"Proposed cases: {proposed.cases}, in {printable(str(file))}. Read them before "
            "use: what tells who asked is only in part taken out, and every label is a placeholder."
        )


def _moment_of(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _print_feedback(one: "Feedback") -> None:
    from assistant.render import printable

    print(f"{one.created:%Y-%m-%d}  {one.verdict}")
    print(f"  Asked: {printable(' '.join(one.asked.split()))}")
    if one.comment:
        print(f"  Said: {printable(' '.join(one.comment.split()))}")
