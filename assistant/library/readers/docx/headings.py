"""The title and the levels of the sections."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.library.blocks import Block, BlockKind
from assistant.library.furniture import SHORT
from assistant.library.readers.docx.paragraphs import Found


def levelled(found: Sequence[Found]) -> list[Block]:
    """The title at level 1 and the sections from level 2, in the order found.

    Where nothing is styled as a heading, short bold paragraphs are headings.
    """
    found = _with_one_title(found)
    headings = [one for one in found if one.block.kind is BlockKind.HEADING]
    if all(one.is_title for one in headings):
        found, headings = _with_bold_headings(found), []
    firsts = [one for one in headings if one.block.level == 1 and not one.is_title]
    titled = any(one.is_title for one in headings)
    # One heading above all others is the title, whatever its style is called.
    above = 0 if not titled and len(firsts) == 1 and headings[0] is firsts[0] else 1
    return [
        replace(one.block, level=one.block.level + above)
        if one.block.kind is BlockKind.HEADING and not one.is_title
        else one.block
        for one in found
    ]


def styled_title(found: Sequence[Found], blocks: Sequence[Block]) -> str | None:
    """The title of levelled blocks, unless it is only guessed by what is bold and large."""
    if not any(one.block.kind is BlockKind.HEADING for one in found):
        return None
    return next((block.text for block in blocks if block.level == 1), None)


def _with_one_title(found: Sequence[Found]) -> list[Found]:
    """Lines of the title joined; what comes in its style later is a heading of level 1."""
    made: list[Found] = []
    titled = False
    for one in found:
        if not one.is_title:
            made.append(one)
        elif not titled:
            titled = True
            made.append(replace(one, block=replace(one.block, level=1)))
        elif made[-1].is_title:
            joined = f"{made[-1].block.text} {one.block.text}"
            made[-1] = replace(made[-1], block=replace(made[-1].block, text=joined))
        else:
            made.append(replace(one, is_title=False))
    return made


def _with_bold_headings(found: Sequence[Found]) -> list[Found]:
    """Short bold paragraphs as headings, unless nothing follows them. The first is the title if
    it is larger than the others."""
    places = [n for n, one in enumerate(found[:-1]) if _looks_like_heading(one)]
    sizes = [found[n].size for n in places]
    titled = any(one.is_title for one in found)
    made = list(found)
    for n in places:
        block = replace(found[n].block, kind=BlockKind.HEADING, level=1)
        largest = n == places[0] and len(places) > 1 and sizes[0] > max(sizes[1:])
        made[n] = replace(found[n], block=block, is_title=largest and not titled)
    return made


def _looks_like_heading(one: Found) -> bool:
    text = one.block.text
    return (
        one.bold
        and one.block.kind is BlockKind.PARAGRAPH
        and len(text.split()) <= SHORT
        and any(c.isalpha() for c in text)
        and text[-1] not in ".,;:!"
    )
