"""A look at the index now and then: others may build it anew beside the server."""

import asyncio

from assistant.app import IndexFacts
from assistant.chat.happenings import Happenings
from assistant.chat.opening import Opening
from assistant.errors import AssistantError

_EVERY = 30.0  # seconds
_UNTIL_READY = 1.0


class IndexWatch:
    """Looks, and tells what it sees. Safe to share between threads."""

    def __init__(self, opening: Opening, happenings: Happenings) -> None:
        self._opening = opening
        self._happenings = happenings

    def look(self) -> IndexFacts | None:
        """What is in the index now; None if it is not open yet, or cannot be read."""
        assistant = self._opening.assistant
        if assistant is None:
            return None
        try:
            facts = assistant.facts()
        except AssistantError:
            return None  # the next answer says so, and is an error
        self._happenings.index(facts)
        return facts

    async def go_on(self) -> None:
        """Look again and again."""
        while True:
            facts = await asyncio.to_thread(self.look)
            await asyncio.sleep(_EVERY if facts else _UNTIL_READY)
