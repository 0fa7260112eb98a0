"""The sign behind each sentence that a language model wrote: whether its passages carry it. Pure.

A sign is put into the text of an answer as a character that no text has, before it is parsed.
"""

import re
from collections.abc import Iterable

from assistant.chat.strings import SignStrings
from assistant.records import Answer, Claim
from assistant.render import escape_markdown

# Noncharacters of Unicode: no document may use them to be exchanged.
_KINDS = {"verbatim": "\ufdd0", "supported": "\ufdd1", "unsupported": "\ufdd2"}
_MARKS = {mark: kind for kind, mark in _KINDS.items()}
MARK = re.compile("[\ufdd0-\ufdd2]")


def is_written(answer: Answer) -> bool:
    """Whether a language model wrote it: its engine is then `provider:name`."""
    return ":" in answer.engine and answer.decline is None


def sign(kind: str, strings: SignStrings) -> str:
    """The sign of a kind of support, which stays beside the word before it."""
    return f"\N{NO-BREAK SPACE}{getattr(strings, kind)}"


def sign_of(mark: str, strings: SignStrings) -> str:
    """The sign that a character of `with_marks` stands for."""
    return sign(_MARKS[mark], strings)


def with_marks(answer: Answer) -> str:
    """The text of a written answer with a mark behind each claim and its numbers. What is not
    supported is emphasised, and its reason strongly so."""
    text = MARK.sub("", answer.text)
    parts, at = [], 0
    for claim in answer.claims:
        found = _pattern(claim).search(text, at)
        if found is None:
            continue
        said, numbers, reason = found["said"], found["numbers"], found["reason"]
        mark = _KINDS[claim.support]
        if claim.support == "unsupported":
            said, reason = f"*{said}*", f" **{reason.strip()}**" if reason else ""
        parts += [text[at : found.start()], said, numbers, mark, reason or ""]
        at = found.end()
    return "".join([*parts, text[at:]])


def _pattern(claim: Claim) -> re.Pattern[str]:
    """Where a claim stands, its numbers, and the words that end with why it is not supported."""
    said = _loosely(claim.text)
    numbers = "".join(rf"\s\[{number}\]" for number in claim.citations)
    reason = rf"\s[^\n]{{0,60}}?{_loosely(claim.reason)}\)?" if claim.reason else "(?!)"
    return re.compile(rf"(?P<said>{said})(?P<numbers>{numbers})(?P<reason>{reason})?")


def _loosely(text: str) -> str:
    """A pattern for a text as it is escaped, whatever became of its blanks."""
    return r"\s+".join(re.escape(word) for word in escape_markdown(text).split())


def legend(claims: Iterable[Claim], strings: SignStrings) -> str:
    """What the signs of these claims mean, on a line; empty without any."""
    present = {claim.support for claim in claims}
    return " · ".join(
        f"{getattr(strings, kind)} {getattr(strings, f'{kind}_means')}"
        for kind in _KINDS
        if kind in present
    )
