"""A scripted assistant that also tells somebody who looks on what a language model writes."""

import re
from collections.abc import Sequence
from datetime import date, time

from assistant.answering.watch import Watch
from assistant.coaching.coach import Prepared, TakeAwayWanted, formats_in
from assistant.errors import BriefError, BriefIncomplete
from assistant.models.language import Stopped
from assistant.plans import SessionPlan
from assistant.records import Answer, Citation, Claim
from assistant.render import escape_markdown
from tests.coaching.sample import sample_brief, sample_plan, sample_series
from tests.fakes import ScriptedAssistant

ENGINE = "openai-like:small"
NOTICE = f"Written by {ENGINE}."
FAILED = f"This answer is quoted and not written, because the language model failed. ({ENGINE})"
UNSAID = "It costs 900 pounds a year."
WHY = "the passage does not give “900” for this."
SAID = ("Opening words.", "The words that open it come first.")
BAD = "See [here](http://evil.example/a) or ![x](http://evil.example/b.png), <b>bold</b> :smile:."


class ChattingAssistant(ScriptedAssistant):
    """Does what a `ScriptedAssistant` does, and as a language model would: "write" writes three
    sentences, the last without support; "slowly SECONDS" does so with a pause before each word;
    "hang" stops after the first sentence until it is told to; "fail SECONDS" does not get
    further, and then quotes; "markup" writes what should be no markup; "anew SECONDS" asks once
    more.

    It prepares, too: "plan WORDS" gives a plan with these words as its purpose, which "dated" in
    them gives a day, "wait SECONDS" a pause and "broken" a failure, "series" three sessions, and
    "change WORDS" the last of these with a change. A bare "brief" is one to who came to prepare.
    "lacking" lacks a setting, until somebody says one; "tiny" cannot be.
    """

    def __init__(self, own: bool = False) -> None:
        super().__init__(own)
        self.stopped = 0

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:
        word, _, rest = question.partition(" ")
        watch = watch or Watch()
        watch.begun()
        if word in ("write", "markup", "hang", "fail", "slowly", "anew"):
            return self._watched(watch, question, word, float(rest or 0) if word != "write" else 0)
        if word == "stopped?":
            return self._answer(question, ["Opening words."], f"stopped {self.stopped}")
        return super().ask(question, history, only, without)

    def coach(
        self, text: str, current: Prepared | None = None, preparing: bool = False,
        watch: Watch | None = None,
    ) -> Prepared | TakeAwayWanted | None:  # fmt: skip
        """As `Assistant.coach`."""
        word, _, rest = text.partition(" ")
        if watch:
            watch.begun()
        if formats := formats_in(text):
            return TakeAwayWanted(formats)
        if word == "change" and current:
            return current.model_copy(update={"changes": (rest,)})
        if text.startswith("lacking") and "setting" not in text:
            raise BriefIncomplete("Where does the team work?", "Two words are enough.")
        if word == "tiny":
            raise BriefError("3 minutes are too few.", "Ask for 20 minutes or more.")
        if word == "series":
            return sample_series()
        if word in ("plan", "lacking") or (preparing and word == "brief"):
            return self._plan(text, rest, watch or Watch())
        return None

    def _plan(self, text: str, rest: str, watch: Watch) -> SessionPlan:
        if "broken" in rest:
            raise RuntimeError("a secret of the inside")
        if "wait" in rest:
            self._pause(watch, float(rest.split()[-1]))
        day = {"day": date(2026, 12, 3), "at": time(14, 0)} if "dated" in rest else {}
        plan = sample_plan(
            purpose=text.replace("\n", " "), brief=sample_brief(minutes=90, **day),
            citations=(self._cite(1, SAID[0]), self._cite(2, "Closing words.")),
        )  # fmt: skip
        ideas = [
            claim.model_copy(update={"text": cited.quote})
            for claim, cited in zip(plan.ideas, plan.citations, strict=True)
        ]
        return plan.model_copy(update={"ideas": tuple(ideas)})

    def _watched(self, watch: Watch, question: str, word: str, pause: float) -> Answer:
        cited = self._cite(1, "Opening words.")
        claims = [
            Claim(text=SAID[0], support="verbatim", citations=(1,)),
            Claim(text=BAD if word == "markup" else SAID[1], support="supported", citations=(1,)),
            Claim(text=UNSAID, support="unsupported", citations=(1,), reason=WHY),
        ]
        for number, claim in enumerate(claims):
            for piece in re.findall(r"\s*\S+", (" " if number else "") + claim.text):
                self._pause(watch, pause if word == "slowly" else 0)
                watch.words(piece)
            watch.checked(claim, [cited])
            if word == "hang":
                self._pause(watch, 60)
            if word == "fail":
                self._pause(watch, pause)
                quoted = self._answer(question, ["Closing words."])
                update = {"engine": "extractive", "notices": (FAILED,)}
                return quoted.model_copy(update=update)
        watch.words("\n")
        if word == "anew":
            watch.again()
            self._pause(watch, pause)
        return written(question, claims, (cited,))

    def _pause(self, watch: Watch, seconds: float) -> None:
        if watch.stop.wait(seconds) if seconds else watch.stop.is_set():
            self.stopped += 1
            raise Stopped


def written(
    question: str, claims: Sequence[Claim], citations: Sequence[Citation], **changes: object
) -> Answer:
    """An answer of these sentences in one paragraph, as a language model's is laid out."""
    parts = []
    for claim in claims:
        marks = "".join(f" [{number}]" for number in claim.citations)
        why = f" (Not supported: {escape_markdown(claim.reason)})" if claim.reason else ""
        parts.append(f"{escape_markdown(claim.text)}{marks}{why}")
    fields: dict[str, object] = {
        "question": question, "resolved_question": question, "outcome": "answered",
        "confidence": 0.9, "text": " ".join(parts), "claims": tuple(claims),
        "citations": tuple(citations), "decline": None, "notices": (NOTICE,),
        "follow_ups": ("What comes next?",), "engine": ENGINE, "index": "none", "prompts": {},
    }  # fmt: skip
    return Answer.model_validate(fields | changes)
