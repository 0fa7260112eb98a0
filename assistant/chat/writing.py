"""An answer while a language model writes it: what is shown so far, and how it gets to the page.

The model's words come in a thread of its own, faster than a page should be drawn. They wait in a
queue of the event loop, in order; the page is drawn from all that has come.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

from assistant.answering.generative import NO_ANSWER
from assistant.answering.watch import Watch
from assistant.chat.markdown import citation_link, exact
from assistant.chat.reply import Reply
from assistant.chat.signs import sign
from assistant.chat.strings import AnswerStrings
from assistant.prompts import fill
from assistant.records import Citation, Claim

_MARKER = re.compile(r"\s*(?:[-*+•–]|(\d{1,2})[.)])(?:\s+|$)")


class Draft:
    """What has been written so far: sentences that are checked, then words that are not yet."""

    def __init__(self, strings: AnswerStrings) -> None:
        self._strings = strings
        self._parts: list[str | tuple[Claim, Sequence[Citation]]] = []
        self._unchecked = ""
        self._last_line = ""

    def words(self, text: str) -> None:
        """More words."""
        self._unchecked += text

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """The next sentence has been checked. It stands in place of its words, or, if they came
        in another form, in place of the first line with words."""
        waiting = self._unchecked
        start = waiting.find(claim.text)
        end = start + len(claim.text)
        if start < 0:
            line = re.match(r"\s*", waiting)
            start = line.end() if line else 0
            if marker := _MARKER.match(waiting, start):
                start = marker.end()
            end = waiting.find("\n", start)
            end = len(waiting) if end < 0 else end
        cited = [one for one in citations if one.number in claim.citations]
        self._parts += [waiting[:start], (claim, cited)]
        self._unchecked = waiting[end:]

    def again(self) -> None:
        """The model is asked once more for what lacks support."""
        self._last_line = self._strings.again

    def end(self) -> None:
        """Nothing more will come, though it is not complete."""
        self._last_line = self._strings.unfinished

    def markdown(self) -> str:
        """All of it; empty as long as there is nothing to show."""
        if self._is_silent():
            return ""
        shown, was_item = "", False
        for line in self._lines():
            first, *rest = line
            marker = _MARKER.match(first) if isinstance(first, str) else None
            text = "".join([self._shown(first, marker), *map(self._shown, rest)]).strip()
            if text or marker:
                gap = "\n" if marker and was_item else "\n\n"
                shown += (gap if shown else "") + (_item(marker) if marker else "") + text
                was_item = marker is not None
        if shown and self._last_line:
            shown += f"\n\n*{exact(self._last_line)}*"
        return shown

    def _is_silent(self) -> bool:
        """Whether it says that there is no answer, which will be said in other words, or may come
        to say so."""
        parts = (part if isinstance(part, str) else part[0].text for part in self._parts)
        said = "".join([*parts, self._unchecked])
        return NO_ANSWER.startswith(said.strip(" .\n").upper())

    def _lines(self) -> Sequence[list[str | tuple[Claim, Sequence[Citation]]]]:
        lines: list[list[str | tuple[Claim, Sequence[Citation]]]] = [[]]
        for part in (*self._parts, self._unchecked):
            if isinstance(part, str):
                first, *others = part.split("\n")
                lines[-1].append(first)
                lines += [[other] for other in others]
            else:
                lines[-1].append(part)
        return lines

    def _shown(
        self, part: str | tuple[Claim, Sequence[Citation]], marker: re.Match[str] | None = None
    ) -> str:
        if isinstance(part, str):
            return exact(part[marker.end() :] if marker else part)
        return checked_sentence(*part, self._strings)


def _item(marker: re.Match[str]) -> str:
    return f"{marker[1]}. " if marker[1] else "- "


def checked_sentence(claim: Claim, citations: Sequence[Citation], strings: AnswerStrings) -> str:
    """A sentence with the numbers of its citations and its sign, as in a complete answer."""
    numbers = "".join(f" {citation_link(citation)}" for citation in citations)
    shown = exact(claim.text)
    mark = sign(claim.support, strings.signs)
    if claim.reason is None:
        return f"{shown}{numbers}{mark}"
    reason = exact(fill(strings.signs.not_supported, why=claim.reason))
    return f"*{shown}*{numbers}{mark} **{reason}**"


class Onlooker(Watch):
    """Takes what happens in the thread that writes to an event loop, in order."""

    def __init__(self, reply: Reply | None = None) -> None:
        """To be made in the loop. The `reply` is told how far it is."""
        super().__init__()
        self._reply = reply or Reply()
        self._loop = asyncio.get_running_loop()
        self._happened: asyncio.Queue[Callable[[Draft], None]] = asyncio.Queue()

    def waits(self) -> None:
        """See `Watch`."""
        self._reply.waits()

    def begun(self) -> None:
        """See `Watch`."""
        self._reply.begun()

    def words(self, text: str) -> None:
        """See `Watch`."""
        self._reply.words()
        self._tell(lambda draft: draft.words(text))

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """See `Watch`."""
        cited = tuple(citations)  # the list grows while this one waits
        self._tell(lambda draft: draft.checked(claim, cited))

    def again(self) -> None:
        """See `Watch`."""
        self._tell(Draft.again)

    async def next_into(self, draft: Draft) -> None:
        """Wait until something happens, and add it to the draft with all that has."""
        (await self._happened.get())(draft)
        self.rest_into(draft)

    def rest_into(self, draft: Draft) -> None:
        """Add what has happened and is not in the draft yet."""
        while not self._happened.empty():
            self._happened.get_nowait()(draft)

    def _tell(self, happened: Callable[[Draft], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
            self._loop.call_soon_threadsafe(self._happened.put_nowait, happened)
