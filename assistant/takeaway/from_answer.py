"""Answers as papers. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.prompts import fill
from assistant.records import Answer, Citation, Claim
from assistant.render import escape_markdown
from assistant.takeaway.labels import AnswerLabels, read_labels
from assistant.takeaway.marked import VERBATIM, blocks_of
from assistant.takeaway.paper import (
    Block,
    Heading,
    Listing,
    Note,
    Paper,
    Paragraph,
    Run,
    Sources,
    labelled,
    note_of,
    paragraph,
)
from assistant.takeaway.text import on_one_line


def answer_paper(answer: Answer) -> Paper:
    """One answer: the question is the title, the numbers of its citations stay."""
    notes, body = _part(answer, 0)
    return Paper(
        kind="answer",
        title=answer.question,
        blocks=(*body, *_sources(notes, 1)),
        notes=tuple(notes),
    )


def conversation_paper(answers: Sequence[Answer]) -> Paper:
    """Answers below their questions. Numbers go on from answer to answer, so that each stands for
    one place."""
    notes: list[Note] = []
    blocks: list[Block] = []
    for answer in answers:
        more, body = _part(answer, len(notes))
        notes += more
        blocks += [Heading(level=1, text=answer.question), *body]
    title = read_labels().answer.conversation
    return Paper(
        kind="conversation",
        title=title,
        blocks=(*blocks, *_sources(notes, 1)),
        notes=tuple(notes),
    )


def is_written(answer: Answer) -> bool:
    """Whether a language model wrote it: its engine is then `provider:name`."""
    return ":" in answer.engine and answer.decline is None


def _sources(notes: Sequence[Note], level: int) -> tuple[Block, ...]:
    labels = read_labels().sources
    if not notes:
        return (paragraph(labels.none),)
    return Heading(level=level, text=labels.heading), Sources()


def _part(answer: Answer, offset: int) -> tuple[list[Note], list[Block]]:
    """The notes of an answer, numbered after so many others, and its text."""
    labels = read_labels().answer
    cited = answer.decline.nearest if answer.decline else answer.citations
    numbers = {citation.number: offset + n for n, citation in enumerate(cited, 1)}
    notes = [note_of(citation, offset + n) for n, citation in enumerate(cited, 1)]
    blocks: list[Block] = []
    if on_one_line(answer.resolved_question) != on_one_line(answer.question):
        line = fill(labels.understood_as, question=answer.resolved_question)
        blocks.append(Paragraph(runs=(Run(text=line, italic=True),)))
    if answer.decline:
        blocks += _with_nearest(blocks_of(answer.text, {}), answer.decline.nearest, offset)
    elif is_written(answer):
        blocks += blocks_of(_with_marks(answer), numbers, labels.verbatim_mark)
        blocks += _support(answer, labels)
    else:
        blocks += blocks_of(answer.text, numbers)
    if answer.clarify:
        blocks.append(paragraph(fill(labels.clarify, question=answer.clarify)))
    blocks += [labelled(labels.note, notice) for notice in answer.notices]
    return notes, blocks


def _with_nearest(
    blocks: Sequence[Block], nearest: Sequence[Citation], offset: int
) -> Iterator[Block]:
    """The text of a declined answer, with a note at each title of the nearest guidance."""
    waiting = {n: on_one_line(citation.title) for n, citation in enumerate(nearest, offset + 1)}
    for block in blocks:
        if not isinstance(block, Listing):
            yield block
            continue
        items = []
        for item in block.items:
            first, *rest = item
            if isinstance(first, Paragraph):
                title = on_one_line("".join(run.text for run in first.runs))
                number = next((n for n, one in waiting.items() if one == title), None)
                if number:
                    del waiting[number]
                    first = Paragraph(runs=(*first.runs, Run(note=number)))
            items.append((first, *rest))
        yield Listing(items=tuple(items), start=block.start)


def _support(answer: Answer, labels: AnswerLabels) -> Iterator[Block]:
    """How the sentences of a written answer are carried, on a line, and what the text itself
    does not mark as not supported."""
    count = Counter(claim.support for claim in answer.claims)
    line = fill(
        labels.support_line,
        all=len(answer.claims),
        **{kind: count[kind] for kind in ("verbatim", "supported", "unsupported")},
    )
    yield labelled(labels.support, line)
    for claim in answer.claims:
        if claim.reason and escape_markdown(claim.reason) not in answer.text:
            said = fill(labels.unsupported, sentence=claim.text, why=claim.reason)
            yield labelled(labels.note, said)


def _with_marks(answer: Answer) -> str:
    """The text of a written answer with a mark behind each sentence that is a quote."""
    text = answer.text.replace(VERBATIM, "")
    parts, at = [], 0
    for claim in answer.claims:
        found = _pattern(claim).search(text, at)
        if found is None:
            continue
        mark = VERBATIM if claim.support == "verbatim" else ""
        parts += [text[at : found.end()], mark]
        at = found.end()
    return "".join([*parts, text[at:]])


def _pattern(claim: Claim) -> re.Pattern[str]:
    """Where a claim stands as it is escaped, whatever became of its blanks, and its numbers."""
    said = r"\s+".join(re.escape(word) for word in escape_markdown(claim.text).split())
    return re.compile(said + "".join(rf"\s\[{number}\]" for number in claim.citations))
