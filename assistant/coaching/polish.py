"""A language model words the lines of a plan for its team; rules hold it to what they say."""

import re
from collections.abc import Iterator, Sequence

from assistant.answering.answer import Engine, usage_of
from assistant.answering.checking import Ground, SupportCheck
from assistant.answering.generative import Writer
from assistant.answering.watch import Watch
from assistant.coaching.data import MOST_WORDS, is_open_question
from assistant.coaching.lines import Lines
from assistant.index.stems import Stemmer
from assistant.models.language import Message, ModelFailure
from assistant.plans import DiscussionPrompt, Risk, SessionPlan
from assistant.prompts import fenced, fill
from assistant.retrieval.search import STOP_WORDS, words_of

_LONGER = 6  # words that naming the programme may take
_LINE = re.compile(r"^\s*(?P<number>\d{1,3})[.):]\s+(?P<text>\S.*?)\s*$")
_NOT_PLAIN = re.compile(r"[\[\]<>#|*_`]|https?:")


def polish(
    plan: SessionPlan, engine: Engine, lines: Lines, check: SupportCheck, watch: Watch
) -> SessionPlan:
    """A plan with its prompts and risks worded for its team by the engine's model; as it is if
    there is none, or if it fails, which a notice says.

    A line is taken over only if all its words are from the line of the coaching data or from the
    brief, and if the check finds that it says no more. Raises Stopped.
    """
    writer = engine.writer
    if writer is None:
        return plan
    bank_lines = list(_lines_of(plan))
    try:
        reply, tokens = writer.model.complete(_asked(plan, writer, bank_lines), watch.stop)
    except ModelFailure as error:
        why = getattr(engine.frames.failed, error.kind)
        return _with_notice(plan, fill(lines.not_polished, why=why, model=writer.model.name))
    told = _told(plan)
    offered = {
        n: text
        for n, text in _numbered(reply)
        if 0 < n <= len(bank_lines) and text != bank_lines[n - 1]
    }
    taken = {
        n: text
        for n, text in offered.items()
        if _is_in_form(text, bank_lines[n - 1])
        and _brings_nothing(engine.stemmer, text, f"{bank_lines[n - 1]} {told}")
        and check.check(text, Ground((bank_lines[n - 1],), told)).support != "unsupported"
    }
    worded = _with_lines(plan, [taken.get(n, line) for n, line in enumerate(bank_lines, 1)])
    session = writer.prompts.session.fingerprint
    worded = worded.model_copy(
        update={
            "engine": writer.model.name,
            "usage": usage_of(engine, (tokens,)),
            "fingerprints": worded.fingerprints | {"session": session},
        }
    )
    refused = str(len(offered) - len(taken))
    count = str(len(taken))
    return _with_notice(
        worded, fill(lines.polished, model=writer.model.name, count=count, refused=refused)
    )


def _with_notice(plan: SessionPlan, line: str) -> SessionPlan:
    return plan.model_copy(update={"notices": (*plan.notices, line)})


def _lines_of(plan: SessionPlan) -> Iterator[str]:
    yield from (prompt.text for prompt in plan.prompts)
    for risk in plan.risks:
        yield from (risk.text, risk.response)


def _with_lines(plan: SessionPlan, lines: Sequence[str]) -> SessionPlan:
    count = len(plan.prompts)
    prompts = tuple(
        DiscussionPrompt(text=text, about=prompt.about, origin=prompt.origin)
        for prompt, text in zip(plan.prompts, lines[:count], strict=True)
    )
    rest = lines[count:]
    risks = tuple(
        Risk(text=text, response=response)
        for text, response in zip(rest[::2], rest[1::2], strict=True)
    )
    return plan.model_copy(update={"prompts": prompts, "risks": risks})


def _asked(plan: SessionPlan, writer: Writer, lines: Sequence[str]) -> list[Message]:
    brief, prompt = plan.brief, writer.prompts.session
    filled = {
        "setting": fenced(brief.setting), "innovation": fenced(brief.innovation or "not said"),
        "purpose": fenced(plan.purpose), "words": str(MOST_WORDS),
        "lines": "\n".join(f"{n}. {fenced(line)}" for n, line in enumerate(lines, 1)),
    }  # fmt: skip
    return [
        Message("system", fill(prompt.rules, **filled)),
        Message("user", fill(prompt.asked, **filled)),
    ]


def _numbered(reply: str) -> Iterator[tuple[int, str]]:
    for line in reply.splitlines():
        if match := _LINE.match(line):
            yield int(match["number"]), match["text"]


def _told(plan: SessionPlan) -> str:
    """What the coach said, whose words may be used."""
    brief = plan.brief
    return " ".join((brief.setting, brief.innovation, brief.purpose, brief.team))


def _brings_nothing(stemmer: Stemmer, text: str, known: str) -> bool:
    """Whether no word of a line is new, but for small ones; the check knows those that matter."""
    words = [word for word in words_of(text) if word not in STOP_WORDS]
    return set(stemmer.stems(words)) <= set(stemmer.stems(words_of(known)))


def _is_in_form(text: str, line: str) -> bool:
    """Whether a line is still what it was: an open question, or a sentence of some length."""
    if _NOT_PLAIN.search(text):
        return False
    if line.endswith("?"):
        return is_open_question(text) and len(text.split()) <= MOST_WORDS
    return text.endswith(".") and len(text.split()) <= len(line.split()) + _LONGER
