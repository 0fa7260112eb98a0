"""What was chosen, as the text, the claims and the citations of an answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assistant.answering.cite import CitationList
from assistant.answering.contrast import Contested, Stated
from assistant.answering.generative import Checked, claim_of
from assistant.answering.quotes import Quote
from assistant.answering.shelves import Views
from assistant.index.reader import View
from assistant.prompts import Frames, fill
from assistant.records import Claim, Disagreement, Sense, SentenceRole
from assistant.render import escape_markdown

_POINT = "+ "  # another marker than that of quoted lists, which would take the point for theirs


@dataclass
class _Page:
    """An answer as it is written: every quote makes claims and takes a number."""

    frames: Frames
    citations: CitationList
    claims: list[Claim] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    ended: bool = True  # whether the next point begins a new list
    list_ended_at: int | None = None  # the block that was the last item of a written list

    def cite(self, quote: Quote) -> int:
        _, start, end = quote.place
        number = self.citations.cite(quote.chunk, start, end)
        self.claims += [
            Claim(text=text, support="verbatim", citations=(number,)) for text in quote.texts
        ]
        return number

    def title(self, number: int) -> str:
        return escape_markdown(self.citations.made[number - 1].title)

    def point(self, quote: Quote, anew: bool) -> None:
        """A quote below the lead: an item of a list of points, unless it is a list itself. `anew`:
        it comes from another source than what stands before it, which is said."""
        number = self.cite(quote)
        if anew:
            self.paragraphs.append(fill(self.frames.from_source, title=self.title(number)))
            self.ended = True
        text = _as_markdown(quote, number)
        if quote.is_list:
            self.paragraphs.append(text)
        elif not self.ended:
            self.paragraphs[-1] += f"\n{_POINT}{text}"
        else:
            self.paragraphs.append(f"{_POINT}{text}")
        self.ended = quote.is_list

    def write(self, sentences: Sequence[Checked], block: int) -> None:
        """A paragraph or an item of a list as a model wrote it. Items of one list stand
        together."""
        parts = []
        for one in sentences:
            claim = claim_of(one, self.citations)
            self.claims.append(claim)
            marks = "".join(f" [{number}]" for number in claim.citations)
            parts.append(f"{escape_markdown(claim.text)}{marks}")
            if claim.reason:
                parts.append(fill(self.frames.not_supported, why=escape_markdown(claim.reason)))
        marker = sentences[0].sentence.marker
        text = f"{marker} {' '.join(parts)}" if marker else " ".join(parts)
        if marker and self.list_ended_at == block - 1 and self.paragraphs:
            self.paragraphs[-1] += f"\n{text}"
        else:
            self.paragraphs.append(text)
        self.list_ended_at = block if marker else None

    def frame(self, line: str, **values: str) -> None:
        self.paragraphs.append(
            fill(line, **{name: escape_markdown(value) for name, value in values.items()})
        )

    def fields(self, disagreements: tuple[Disagreement, ...]) -> dict[str, Any]:
        """The page as the fields of an answer."""
        return {
            "outcome": "answered",
            "text": "\n\n".join(self.paragraphs),
            "claims": tuple(self.claims),
            "citations": tuple(self.citations.made),
            "disagreements": disagreements,
            "decline": None,
        }


def laid_out(
    view: View,
    frames: Frames,
    quotes: Sequence[Quote],
    contested: Sequence[Contested] = (),
    sides: Sequence[Stated] = (),
    first: str | None = None,
    views: Views | None = None,
    matter: str = "",
) -> dict[str, Any]:
    """The fields of an answer that holds these quotes: the lead, views side by side, the rest
    with a line where the source changes. `first` is a frame line to stand before all. The views
    of two shelves stand in place of a lead; `matter` names what they may differ on."""
    page = _Page(frames, CitationList(view))
    rest = list(quotes)
    source = None
    if first:
        page.paragraphs.append(first)
    disagreements: tuple[Disagreement, ...] = ()
    if views:
        disagreements = _views(page, views, matter)
    else:
        lead = rest.pop(0)
        page.paragraphs.append(_as_markdown(lead, page.cite(lead)))
        disagreements = tuple(_contested(page, one) for one in contested)
        source = lead.chunk.document_id if not (contested or sides) else None
    if contested:
        page.frame(frames.senses_relate)
    if sides:
        _sides(page, sides)
    for quote in rest:
        page.point(quote, anew=quote.chunk.document_id != source)
        source = quote.chunk.document_id
    return page.fields(disagreements)


def laid_out_written(
    view: View,
    frames: Frames,
    sentences: Sequence[Checked],
    contested: Sequence[Contested] = (),
    first: str | None = None,
    views: Views | None = None,
    matter: str = "",
    sides: Sequence[Stated] = (),
    others: Sequence[Quote] = (),
) -> dict[str, Any]:
    """The fields of an answer that a model wrote: views that differ, its paragraphs and lists, the
    senses of contested words, the sides of a comparison, and what `others` say if it cites one
    document alone. For the rest see `laid_out`."""
    page = _Page(frames, CitationList(view))
    if first:
        page.paragraphs.append(first)
    differing = _views(page, views, matter) if views and views.differ else ()
    for block, some in groupby(sentences, key=lambda one: one.sentence.block):
        page.write(list(some), block)
    disagreements = tuple(_contested(page, one) for one in contested)
    if contested:
        page.frame(frames.senses_relate)
    if sides:
        _sides(page, sides)
    cited = {citation.document_id for citation in page.citations.made}
    other = next((quote for quote in others if quote.chunk.document_id not in cited), None)
    if other and len(cited) == 1:
        page.point(other, anew=True)
    return page.fields((*differing, *disagreements))


def _contested(page: _Page, contested: Contested) -> Disagreement:
    page.frame(page.frames.senses, term=contested.term)
    senses, lines = [], []
    for stated in contested.senses:
        number = page.cite(stated.quote)
        text = _as_markdown(stated.quote, number)
        lines.append(f"- {fill(page.frames.says, title=page.title(number))} {text}")
        senses.append(Sense(meaning=" ".join(stated.quote.texts), citations=(number,)))
    page.paragraphs.append("\n".join(lines))
    return Disagreement(term=contested.term, senses=tuple(senses))


def _views(page: _Page, views: Views, matter: str) -> tuple[Disagreement, ...]:
    """What two shelves say, each under the name of its document."""
    if views.differ:
        page.paragraphs.append(page.frames.views_differ)
    lines, senses = [], []
    for quote in views.quotes:
        number = page.cite(quote)
        text = _as_markdown(quote, number).replace("\n\n", "\n").replace("\n", "\n  ")
        lines.append(f"- {fill(page.frames.says, title=page.title(number))} {text}")
        senses.append(Sense(meaning=" ".join(quote.texts), citations=(number,)))
    page.paragraphs.append("\n".join(lines))
    return (Disagreement(term=matter, senses=tuple(senses)),) if views.differ else ()


def _sides(page: _Page, sides: Sequence[Stated]) -> None:
    lines = []
    for stated in sides:
        name = fill(page.frames.side, side=escape_markdown(stated.name))
        lines.append(f"- {name} {_as_markdown(stated.quote, page.cite(stated.quote))}")
    page.paragraphs.append("\n".join(lines))


def _as_marker(marker: str) -> str:
    """A marker that makes a list of Markdown: "a)" is none, so it is said in the item."""
    is_one = re.fullmatch(r"[-*+]|\d{1,9}[.)]", marker)
    return marker if is_one else f"- {escape_markdown(marker)}"


def _as_markdown(quote: Quote, number: int) -> str:
    """A quote as Markdown, its number after every sentence and item."""
    lines: list[str] = []
    for sentence, text in zip(quote.sentences, quote.texts, strict=True):
        marked = f"{escape_markdown(text)} [{number}]"
        if not quote.is_list:
            lines.append(marked)
        elif sentence.marker:
            lines.append(f"{_as_marker(sentence.marker)} {marked}")
        elif sentence.role is SentenceRole.ITEM:
            lines[-1] += f" {marked}"  # a further sentence of the same item
        else:
            lines += [marked, ""]
    return "\n".join(lines) if quote.is_list else " ".join(lines)
