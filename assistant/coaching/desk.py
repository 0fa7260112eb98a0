"""Where plans are made with an index, the coaching data and, if there is one, a language model."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.answering.answer import Engine, answer_question, read
from assistant.answering.checking import check_for
from assistant.answering.watch import Watch
from assistant.coaching.bank import read_bank
from assistant.coaching.choosing import texts_of
from assistant.coaching.coach import Prepared, TakeAwayWanted, coach, prepare_series, revise
from assistant.coaching.lines import read_lines
from assistant.coaching.nearness import Nearness
from assistant.coaching.plan import Coaching, make_plan
from assistant.coaching.polish import polish
from assistant.index.reader import View
from assistant.plans import SessionBrief, SessionPlan, SessionSeries
from assistant.records import Answer

coaching_data = cache(read_bank)
"""The coaching data of a folder, read once a process. Raises CoachingDataError."""
_lines = cache(read_lines)
_REMEMBERED = 200  # answers: the coaching data ask the same questions for every plan


class CoachingDesk:
    """Prepares sessions. Every call is given the index as it is then. What they raise: see
    `assistant.app.Assistant`."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._nearness = Nearness(engine.model, lambda: texts_of(coaching_data(folder)))
        self._answers: dict[tuple[str, str], Answer] = {}

    def prepare(self, view: View, brief: SessionBrief, watch: Watch | None = None) -> SessionPlan:
        """A plan for a brief."""
        return self._polished(view, make_plan(self._with(view), brief, view.fingerprint), watch)

    def prepare_series(
        self, view: View, brief: SessionBrief, count: int, span: str
    ) -> SessionSeries:
        """Plans for sessions over a span of time."""
        return prepare_series(self._with(view), view.fingerprint, brief, count, span)

    def revise(
        self, view: View, prepared: Prepared, change: str, watch: Watch | None = None
    ) -> Prepared:
        """A plan or a series with a change."""
        new = revise(self._with(view), view.fingerprint, prepared, change)
        return self._polished(view, new, watch) if isinstance(new, SessionPlan) else new

    def coach(
        self, view: View, text: str, current: Prepared | None, preparing: bool,
        watch: Watch | None = None,
    ) -> Prepared | TakeAwayWanted | None:  # fmt: skip
        """What a coach's words ask for; None if they are a question."""
        made = coach(self._with(view), view.fingerprint, text, current, preparing)
        return self._polished(view, made, watch) if isinstance(made, SessionPlan) else made

    def _with(self, view: View) -> Coaching:
        quoting = replace(self._engine, writer=None)
        titles = {name: entry.title for name, entry in view.all_entries().items()}

        def consult(text: str) -> Answer:
            asked = (view.fingerprint, text)
            if asked not in self._answers:
                answer = answer_question(view, quoting, read(view, quoting, text))
                kept = list(self._answers.items())[-_REMEMBERED:]
                self._answers = dict([*kept, (asked, answer)])
            return self._answers[asked]

        bank = coaching_data(self._folder)
        return Coaching(bank, _lines(), self._nearness, consult, titles.get)

    def _polished(self, view: View, plan: SessionPlan, watch: Watch | None) -> SessionPlan:
        engine = self._engine
        check = check_for(view, engine.model, engine.stemmer)
        return polish(plan, engine, _lines(), check, watch or Watch())
