"""At most three ideas from the guidance, quoted and cited as in an answer."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.boundaries import Beyond
from assistant.coaching.bank import Bank
from assistant.coaching.choosing import topics_of
from assistant.plans import SessionBrief
from assistant.records import Answer, Citation, Claim, Decline

Consult = Callable[[str], Answer]
"""A question to its quoted answer."""

MOST = 3
_ASKED = 4  # answers at most: they take most of the time of a plan
_SAYS_SOMETHING = 3  # words of a purpose: two may be a scrap of a longer sentence
_OF_TOPICS = 2  # of them for topics that the purpose names
_SURE = 0.7  # confidence from which on an answer to the bare purpose is to the point
_WORDS = range(6, 46)  # of a sentence that can be read aloud and says something
# What a team may want to talk about in words that no guidance has.
_OF_WORK = re.compile(
    r"\b(?:team|staff|colleague|shift|rota|handover|meeting|huddle|argument|conflict|quarrel|trust"
    r"|blame|mood|air|work|project|programme|pupil|child|parent|patient|famil|teacher|nurse|manager"
    r"|head|class|lesson|ward|school|service|home)",
    re.IGNORECASE,
)
_BEGINS_A_LIST = re.compile(
    r"(?:the )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several)\b", re.I
)


@dataclass(frozen=True)
class Ideas:
    """Quoted sentences with their citations. `missed` if the guidance says nothing on the
    purpose, `beyond` if no guidance could."""

    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    missed: bool = False
    beyond: Beyond | None = None


def ideas_for(bank: Bank, brief: SessionBrief, consult: Consult) -> Ideas:
    """Ideas on the purpose and its topics, then for the stage."""
    named = topics_of(bank, brief)
    on_purpose: list[Answer] = []
    missed = False
    if brief.purpose:
        answer = consult(brief.purpose)
        scrap = len(brief.purpose.split()) < _SAYS_SOMETHING
        ours = scrap or bool(named) or _OF_WORK.search(brief.purpose) is not None
        if answer.decline and _is_beyond(answer.decline, ours):
            return Ideas(beyond=Beyond(answer.decline.reason, answer.decline.refer_to))
        missed = answer.outcome == "declined" and not named
        if answer.confidence >= _SURE:
            on_purpose.append(answer)
    of_topics = [bank.topics[name].ask[0] for name in named]
    of_stage = bank.stages[brief.stage].ask
    answers = [consult(question) for question in of_topics[:_OF_TOPICS]] + on_purpose
    for question in of_stage:
        if len(answers) >= _ASKED or _enough(answers):
            break
        if question not in of_topics[:_OF_TOPICS]:
            answers.append(consult(question))
    claims, citations = _numbered(_chosen(answers))
    return Ideas(claims, citations, missed)


def _is_beyond(decline: Decline, may_be_ours: bool) -> bool:
    """Whether no session on guidance helps with a purpose. What is far from all guidance may
    still be a matter of the field in words of the team's own."""
    if decline.reason == "out_of_scope":
        return not may_be_ours
    return decline.reason in ("needs_professional", "instruction", "language")


def _enough(answers: Sequence[Answer]) -> bool:
    return sum(1 for _ in _leads(answers)) >= MOST


def _leads(answers: Iterable[Answer]) -> Iterator[tuple[Claim, Citation]]:
    """The first sentence of each answer that can stand for it, none twice."""
    seen: set[str] = set()
    for answer in answers:
        for claim in answer.claims:
            if _can_be_read_aloud(claim) and claim.text not in seen:
                seen.add(claim.text)
                yield claim, answer.citations[claim.citations[0] - 1]
                break


def _chosen(answers: Sequence[Answer]) -> list[tuple[Claim, Citation]]:
    """The first ideas, with what else the answers say where there are too few."""
    found = list(_leads(answers))[:MOST]
    said = {claim.text for claim, _ in found}
    more = (
        (claim, answer.citations[claim.citations[0] - 1])
        for answer in answers
        for claim in answer.claims
        if _can_be_read_aloud(claim) and claim.text not in said
    )
    return [*found, *more][:MOST]


def _can_be_read_aloud(claim: Claim) -> bool:
    """Whether a sentence says something by itself; "Six signs speak for it." only begins a list."""
    if claim.support != "verbatim" or _BEGINS_A_LIST.match(claim.text):
        return False
    return len(claim.text.split()) in _WORDS and claim.text.endswith(".")


def _numbered(
    chosen: Sequence[tuple[Claim, Citation]],
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Claims and citations, numbered from 1; a place that is cited twice has one number."""
    places: dict[tuple[str, int, int], Citation] = {}
    claims = []
    for claim, citation in chosen:
        place = (citation.document_id, citation.start, citation.end)
        if place not in places:
            places[place] = citation.model_copy(update={"number": len(places) + 1})
        claims.append(claim.model_copy(update={"citations": (places[place].number,)}))
    return tuple(claims), tuple(places.values())
