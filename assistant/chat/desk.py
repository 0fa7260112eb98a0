"""What a coach has prepared in a conversation, and the brief that still lacks something."""

import re
from dataclasses import dataclass, replace

from assistant.answering.watch import Watch
from assistant.app import Assistant
from assistant.coaching.coach import Prepared, TakeAwayWanted
from assistant.coaching.series import session_in
from assistant.errors import BriefIncomplete
from assistant.plans import SessionPlan, SessionSeries

_SHOWS = re.compile(
    r"^\W*(?:(?:please|now|and|then)\W+)*(?:show|open|see|view|print|display)\b", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:series|plan|agenda|all (?:the )?sessions)\b", re.IGNORECASE)
_ASKS = re.compile(r"^\W*(?:how|what|why|who|when|where|which|should)\b|\?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class AskedBack:
    """A brief lacks what no plan can do without; the next message is read together with it."""

    question: str
    help: str


Turn = Prepared | TakeAwayWanted | AskedBack


@dataclass(frozen=True)
class Desk:
    """`current` is what a change changes, `shown` what "that" means when a file of it is wanted.
    `lacking` is a brief that was `asked` back about."""

    current: Prepared | None = None
    shown: Prepared | None = None
    lacking: str = ""
    asked: str = ""

    def take_up(
        self, assistant: Assistant, text: str, preparing: bool, watch: Watch | None = None
    ) -> tuple["Desk", Turn | None]:
        """What becomes of a message, and the desk after it. None: it is a question for the
        guidance. `watch` stops a language model. Raises BriefError, Stopped, and the desk stays as
        it is."""
        wanted = self._wanted(text)
        if wanted:
            return replace(self, shown=wanted), wanted
        if not self.lacking:
            return self._coached(assistant, text, preparing, watch)
        return self._completed(assistant, text, preparing, watch)

    def after(self, said: Prepared) -> "Desk":
        """The desk after this was put before the coach: anew, or a session of what is there."""
        series = self.current
        if isinstance(series, SessionSeries) and any(one.plan == said for one in series.sessions):
            return replace(self, shown=said)
        return Desk(current=said, shown=said)

    def _completed(
        self, assistant: Assistant, text: str, preparing: bool, watch: Watch | None
    ) -> tuple["Desk", Turn | None]:
        """What answers a question back; or begins something else, and what lacked is dropped."""
        anew = replace(self, lacking="", asked="")
        if _ASKS.search(text):
            return anew._coached(assistant, text, preparing, watch)
        try:
            done = assistant.coach(text, watch=watch)
        except BriefIncomplete:
            done = None
        if done:
            return anew._after(done)
        desk, turn = anew._coached(assistant, f"{self.lacking}\n{text}", True, watch)
        if desk.asked == self.asked:  # it did not help: do not join for ever
            desk = replace(desk, lacking=text)
        return desk, turn

    def _coached(
        self, assistant: Assistant, text: str, preparing: bool, watch: Watch | None
    ) -> tuple["Desk", Turn | None]:
        try:
            done = assistant.coach(text, self.current, preparing, watch)
        except BriefIncomplete as error:
            asked = AskedBack(error.message, error.remedy)
            return replace(self, lacking=text, asked=error.message), asked
        return self._after(done)

    def _after(self, done: Prepared | TakeAwayWanted | None) -> tuple["Desk", Turn | None]:
        if isinstance(done, SessionPlan | SessionSeries):
            return Desk(current=done, shown=done), done
        return self, done

    def _wanted(self, text: str) -> Prepared | None:
        """What of the present work a text wants to see again. Raises BriefError for a session
        that is not there."""
        if self.current is None or not _SHOWS.match(text):
            return None
        if isinstance(self.current, SessionSeries) and "session" in text.lower():
            number = session_in(text, len(self.current.sessions))
            if number:
                return self.current.sessions[number - 1].plan
        return self.current if _ALL.search(text) else None
