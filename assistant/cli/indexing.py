"""The commands that change or list what is indexed."""

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.common import (
    IndexOption,
    JsonOption,
    failures,
    opened,
    print_json,
    progress_shown,
    settings_of,
)

if TYPE_CHECKING:
    from assistant.records import BuildReport


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
    with failures(as_json):
        from assistant.app import build as build_index

        report = build_index(settings_of(index), progress_shown(), tuple(corpus or ()))
        _print_report(report, as_json)
        if strict and report.refused:
            raise typer.Exit(1)


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add documents of your own, beside the guidance that is there."""
    with failures(as_json):
        from assistant.app import add as add_to_index

        report = add_to_index(settings_of(index), progress_shown(), paths)
        _print_report(report, as_json)
        if report.refused and not report.new + report.replaced:
            raise typer.Exit(1)


def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of documents that were added.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove documents that were added, with every trace of their text."""
    with failures(as_json):
        from assistant.app import remove as remove_from_index

        _print_report(remove_from_index(settings_of(index), progress_shown(), ids), as_json)


def list_documents(
    everything: Annotated[bool, typer.Option("--all", help="The shipped library as well.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List your own documents, and what became of each."""
    with failures(as_json), opened(index, warm=False) as assistant:
        from assistant.app import is_own
        from assistant.render import printable

        listed = assistant.listed()
        shown = [one for one in listed if everything or is_own(Path(one.path))]
        if as_json:
            print_json([one.model_dump(mode="json") for one in shown])
            return
        for one in shown:
            place = printable(one.path)
            print(f"{one.document_id}  {printable(one.title)}")
            print(f"  {one.state}, {one.chunks} passages, {place}")
            if one.reason:
                print(f"  {printable(one.reason)}")
        if left := len(listed) - len(shown):
            print(f"And {left} notes of the shipped library, which --all lists.")


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
        print_json(report.model_dump(mode="json"))
    else:
        print(
            f"{report.documents} documents in {report.chunks} chunks: {report.new} new, "
            f"{report.unchanged} unchanged, {report.replaced} replaced, {report.removed} "
            f"removed, {len(report.refused)} refused. {report.seconds} s. {report.index}"
        )
