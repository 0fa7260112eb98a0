"""A paper as a tagged PDF, set by typst in this process from a template of ours."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from assistant.prompts import fill
from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import (
    Block,
    Heading,
    Layout,
    Listing,
    Paper,
    Paragraph,
    Runs,
    Table,
    fitted,
    is_short,
    referred,
    sources,
)
from assistant.takeaway.text import breakable

_TEMPLATE = Path(__file__).with_name("paper.typ")
# Whether typst's own fonts have to do, and the standard that is kept.
_ATTEMPTS: tuple[tuple[bool, Literal["ua-1"] | None], ...] = (
    (True, "ua-1"),
    (False, "ua-1"),
    (False, None),
)


def pdf(paper: Paper, layout: Layout) -> bytes:
    """The paper as PDF/UA. No text of it is read as markup, and nothing is fetched.

    Typst's own font is the same on every machine. What it lacks is shown in a font of the
    system's; if there is none either, the file stays tagged but cannot claim PDF/UA. Raises
    TakeawayError for what typst cannot set at all.
    """
    data = json.dumps(_data(paper, layout), ensure_ascii=False)
    failure: typst.TypstError | None = None
    for own_font_alone, standard in _ATTEMPTS:
        try:
            return typst.compile(
                _template(),
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards=standard,
                ignore_system_fonts=own_font_alone,
                timestamp=0,
            )
        except typst.TypstError as error:
            failure = error
    raise TakeawayError(f"This cannot be set as a PDF: {failure}.", "Choose docx or md instead.")


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _data(paper: Paper, layout: Layout) -> dict[str, Any]:
    """All that the template needs, ready to be shown."""
    known = referred(paper)
    labels = read_labels().sources
    rest = [note for note in paper.notes if note.number not in known]
    return {
        "title": breakable(paper.title),
        "name": paper.title,
        "paper": "a4" if layout.paper == "A4" else "us-letter",
        "large": layout.large,
        "blocks": _Shown().blocks(list(fitted(paper.blocks, layout))),
        "notes": {
            str(note.number): breakable(f"{note.source}: “{note.quote}”") for note in paper.notes
        },
        "sources": [
            {
                "text": breakable(source.document),
                "url": source.url and breakable(source.url),
                "link": source.link,
                "numbers": fill(labels.cited_as, numbers=", ".join(map(str, source.numbers))),
            }
            for source in sources(paper.notes)
        ],
        "rest": [breakable(f"{note.number}. {note.source}: “{note.quote}”") for note in rest],
    }


class _Shown:
    """Blocks as the template takes them. A note is set where it is referred to first."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def blocks(self, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> dict[str, Any]:
        given: dict[str, Any] = {"kind": block.kind}
        if isinstance(block, Heading):
            text = breakable(block.text)
            return given | {"level": block.level, "text": text, "new_page": block.new_page}
        if isinstance(block, Paragraph):
            runs = self._runs(block.runs)
            return given | {"runs": runs, "quote": block.quote, "lead": block.lead}
        if isinstance(block, Listing):
            items = list(map(self.blocks, block.items))
            return given | {"items": items, "start": block.start, "whole": block.whole}
        if isinstance(block, Table):
            rows = [
                {"whole": is_short(row), "cells": [self._runs(cell) for cell in row]}
                for row in block.rows
            ]
            return given | {"header": block.header, "widths": block.widths, "rows": rows}
        return given

    def _runs(self, runs: Runs) -> list[dict[str, Any]]:
        return [
            {
                "text": breakable(run.text), "bold": run.bold, "italic": run.italic,
                "blank": run.blank, "note": run.note, "first": self._is_first(run.note),
            }
            for run in runs
        ]  # fmt: skip

    def _is_first(self, note: int | None) -> bool:
        if note is None or note in self._seen:
            return False
        self._seen.add(note)
        return True
