"""Texts for people: Markdown and plain text, from records. Pure."""

import re
import textwrap
from collections.abc import Sequence

from assistant.records import Answer, Citation, Passage
from assistant.tracing import Timing

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
# What begins a list, or would make the line above it a heading.
_LINE_START = re.compile(r"^([^\S\n]*)(\d+(?=[.)])|(?=[-+=]))", re.MULTILINE)
_POINT = re.compile(r"^\+ ", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|\*")


def escape_markdown(text: str) -> str:
    """A quote as Markdown that shows it exactly: brackets cannot pass for a citation."""
    return _LINE_START.sub(r"\1\2\\", _SPECIAL.sub(r"\\\1", text))


def unescape_markdown(text: str) -> str:
    """Markdown of ours as plain text for a terminal: escapes undone, emphasis dropped."""
    return _ESCAPED.sub(lambda match: match[1] or "", _POINT.sub("• ", text))


def printable(text: str) -> str:
    """Text for a terminal: what a file name may hold must not steer it."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def source_line(citation: Citation) -> str:
    """Title, author, publisher, year, section and page of a source, what is known of them."""
    year = str(citation.year) if citation.year else None
    known = dict.fromkeys((citation.author, citation.publisher, year))
    about = ", ".join(part for part in known if part)
    line = citation.title + (f" ({about})" if about else "")
    line += f", section “{citation.section}”" if citation.section else ""
    return line + (f", {page_name(citation)}" if citation.page else "")


def page_name(citation: Citation) -> str:
    """The page of a citation as a person looks it up: the printed number, then the file's own
    where it is another."""
    label = citation.page_label or str(citation.page)
    return f"page {label}" + (
        "" if label == str(citation.page) else f" ({citation.page} in the file)"
    )


def answer_as_text(answer: Answer, width: int = 96) -> str:
    """An answer for a terminal: the text, then numbered sources with their quotes."""
    parts = [_wrapped(unescape_markdown(answer.text), width)]
    if answer.clarify:
        parts.append(_wrapped(f"To answer more closely: {answer.clarify}", width))
    citations = answer.decline.nearest if answer.decline else answer.citations
    if citations:
        parts.append("Nearest guidance" if answer.decline else "Sources")
    for citation in citations:
        lines = [_wrapped(f"[{citation.number}] {source_line(citation)}", width, "    ")]
        if citation.url:
            lines.append(f"    {citation.url}")
        lines.append(_wrapped(f"“{citation.quote}”", width, "    ", "    "))
        parts.append("\n".join(lines))
    if answer.follow_ups:
        lines = [_wrapped(f"- {question}", width) for question in answer.follow_ups]
        parts.append("\n".join(["You could ask next", *lines]))
    parts += [_wrapped(f"Note: {notice}", width) for notice in answer.notices]
    return "\n\n".join(parts)


def passage_as_text(passage: Passage, width: int = 96) -> str:
    """A passage for a terminal, with why it was found."""
    reasons = [
        f"{name} rank {rank}"
        for name, rank in (("meaning", passage.dense_rank), ("words", passage.text_rank))
        if rank is not None
    ]
    heading = f"{passage.rank}. {passage.title}"
    if passage.section:
        heading += f" > {passage.section}"
    if passage.page:
        heading += f", page {passage.page}"
    return (
        f"{heading}\n   {passage.chunk_id}  {passage.start}-{passage.end}  "
        f"score {passage.score:.3f} ({', '.join(reasons)})\n"
        + _wrapped(passage.text, width, "   ", "   ")
    )


def _wrapped(text: str, width: int, later: str = "", first: str = "") -> str:
    """Every line of a text broken at words, the items of a list hanging from their markers."""
    lines = []
    for line in text.split("\n"):
        marker = re.match(r"(?:[-•]|\d+\.) ", line)
        hang = later + " " * (len(marker[0]) if marker else 0)
        lines += textwrap.wrap(
            line, width, initial_indent=first, subsequent_indent=hang,
            break_long_words=False, break_on_hyphens=False,
        ) or [""]  # fmt: skip
        first = later
    return "\n".join(lines)


def timings_as_text(timings: Sequence[Timing]) -> str:
    """A table of steps, those within another set in: when each began, and how long it took."""
    lines = [f"{'begins':>10} {'takes':>10}  (milliseconds)"]
    around: list[str] = []
    for one in timings:
        while around and around[-1] != one.inside:
            around.pop()
        lines.append(f"{one.begin_ms:>10.1f} {one.ms:>10.1f}  {'  ' * len(around)}{one.name}")
        around.append(one.name)
    return "\n".join(lines)
