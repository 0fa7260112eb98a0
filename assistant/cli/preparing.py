"""The command that prepares sessions."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.common import (
    IndexOption,
    JsonOption,
    failures,
    opened,
    print_json,
    settings_of,
)
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.coaching.coach import Prepared

_USUAL_SPAN = "a year"


def prepare(
    brief: Annotated[
        str | None, typer.Argument(help="What to prepare, in your own words; options come first.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help="Stage of implementation, in NIRN's, EPIS's or EEF's words.")
    ] = None,
    minutes: Annotated[int | None, typer.Option(help="Length of the session, 20 to 240.")] = None,
    setting: Annotated[
        str | None, typer.Option(help="Where the team works: a primary school, a ward.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="Its purpose, or the problem.")] = None,
    mode: Annotated[str | None, typer.Option(help="room, online or hybrid.")] = None,
    size: Annotated[int | None, typer.Option(help="How many people, 2 to 60.")] = None,
    sector: Annotated[
        str | None, typer.Option(help="education, health, social-care or public-services.")
    ] = None,
    innovation: Annotated[str | None, typer.Option(help="What is being put in place.")] = None,
    team: Annotated[str | None, typer.Option(help="What the team is called.")] = None,
    country: Annotated[str | None, typer.Option(help="Where in the world.")] = None,
    last_time: Annotated[str | None, typer.Option(help="Notes of the last session.")] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the session.")
    ] = None,
    at: Annotated[datetime | None, typer.Option(formats=["%H:%M"], help="Its beginning.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Time zone, such as Europe/London; local if not given.")
    ] = None,
    tired: Annotated[bool, typer.Option("--tired", help="For a team with little energy.")] = False,
    doing: Annotated[bool, typer.Option("--doing", help="Less talking, more doing.")] = False,
    series: Annotated[
        int | None, typer.Option(min=2, max=12, help="So many sessions that build on each other.")
    ] = None,
    span: Annotated[str, typer.Option(help="Time for a series.")] = _USUAL_SPAN,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="A plan saved as JSON, to change or to export.")
    ] = None,
    change: Annotated[
        str | None, typer.Option(help="What to change: “for 45 minutes”, “for a ward instead”.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write: docx, pdf, pptx, md, txt, ics or json.")
    ] = None,
    letter: Annotated[bool, typer.Option("--letter", help="US Letter instead of A4.")] = False,
    large: Annotated[bool, typer.Option("--large", help="Large print.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prepare a session for a team: a timed plan with ideas from the guidance."""
    with failures(as_json):
        _require_writable(out)
        given = {
            "stage": stage, "minutes": minutes, "setting": setting, "purpose": purpose,
            "mode": mode, "size": size, "sector": sector, "innovation": innovation, "team": team,
            "country": country, "last_time": last_time, "day": date and date.date(),
            "at": at and at.time(), "zone": zone, "low_energy": tired or None,
            "more_doing": doing or None,
        }  # fmt: skip
        _require_one_plan(plan, change, [brief, series, *given.values()])
        if plan is None:
            prepared = _new(brief or "", given, series, span, index)
        else:
            prepared = _saved(plan)
            if change is not None:
                with opened(index) as assistant:
                    prepared = assistant.revise(prepared, change)
        if out:
            _write(prepared, out, letter, large)
        if as_json:
            print_json(prepared.model_dump(mode="json"))
        elif out is None:
            from assistant.takeaway.export import take_away

            print(take_away(prepared, "md").data.decode())


def _new(
    brief: str, given: dict[str, Any], series: int | None, span: str, index: Path | None
) -> "Prepared":
    """What is wrong with a brief is said before anything is loaded."""
    from assistant.app import read_brief

    wanted = read_brief(settings_of(index), brief, given)
    with opened(index) as assistant:
        if series:
            return assistant.prepare_series(wanted, series, span)
        return assistant.prepare(wanted)


def _require_one_plan(plan: Path | None, change: str | None, of_a_new_one: list[object]) -> None:
    """Raise UsageError if a change has no plan, or a saved plan comes with what makes a new one."""
    if plan is None and change is not None:
        raise UsageError("--change needs the plan that is to change.", "Give it with --plan FILE.")
    if plan is not None and any(one is not None for one in of_a_new_one):
        raise UsageError(
            "A saved plan is changed in words.", 'Say it with --change, such as "for 45 minutes".'
        )


def _saved(path: Path) -> "Prepared":
    from pydantic import TypeAdapter, ValidationError

    from assistant.plans import SessionPlan, SessionSeries

    try:
        data = path.read_bytes()
        read: Prepared = TypeAdapter(SessionPlan | SessionSeries).validate_json(data)
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds no plan"
        raise UsageError(
            f"The plan {path} cannot be read: {reason}.",
            "Name a file that was written by: assistant prepare --out plan.json",
        ) from error
    return read


def _require_writable(out: Path | None) -> None:
    """Say before the work what would fail after it."""
    from assistant.takeaway.export import MEDIA_TYPES

    if out is None:
        return
    endings = (*MEDIA_TYPES, "json")
    if out.suffix.lower().lstrip(".") not in endings:
        raise UsageError(
            f"{out} has no ending that tells the format.", f"End it with: .{', .'.join(endings)}."
        )
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise UsageError(f"{out} cannot be written.", "Name a file in a folder that is there.")


def _write(prepared: "Prepared", out: Path, letter: bool, large: bool) -> None:
    """Whole or not at all: what was there before stays if anything fails."""
    from assistant.takeaway.export import Format, take_away
    from assistant.takeaway.paper import Layout

    ending = out.suffix.lower().lstrip(".")
    if ending == "json":
        data = prepared.model_dump_json(indent=2).encode()
    else:
        form: Format = ending  # type: ignore[assignment]  # one of them: see _require_writable
        layout = Layout(paper="Letter" if letter else "A4", large=large)
        data = take_away(prepared, form, layout).data
    try:
        with tempfile.NamedTemporaryFile(dir=out.absolute().parent, delete=False) as part:
            part.write(data)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(out)
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror}.", "Name another file, or make room."
        ) from error
    print(f"Written: {out}", file=sys.stderr)
