"""Checks of many answers at once: the same question put otherwise, and documents taken away.

Each takes the answers that were already given, by case id, asks again and compares. `advance` is
called with 1 after each case. A case that has no answer there, or whose question raises an
AssistantError, counts as broken. Lines in `broken` hold ids and reasons, and no texts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.app import Assistant
from assistant.errors import AssistantError
from assistant.records import Answer
from evals import perturb
from evals.cases import Case
from evals.metrics import nugget_recall
from evals.results import CheckResult

Answers = Mapping[str, Answer]
Advance = Callable[[int], None]

REPEATS = 1.0  # nothing in the product draws lots, so one difference is a defect
CARELESS = 0.9  # capitals and a question mark say nothing; the model that reads may differ a little
MISTYPED = None  # a slip may fall on the one word that decides, so for information
OTHER_WORDS = None  # people wrote the paraphrases, and some ask for a little more or less
ACRONYM = None  # too few questions have one for a share to mean much
WITHOUT_EVIDENCE = None  # guidance overlaps: a document that no case names may state the fact too
FOLLOW_UPS = None  # an assistant that suggests nothing has nothing to measure
CITED_ALONE = None  # the rank of a passage depends on what else is there
WITHOUT_CITED = 1.0  # a claim may not come from where it was told not to look
IRRELEVANT = None  # the statistics of words change with each document, and with them near ties

SEED = 1  # of the slips, so that equal runs are equal
FIRST = 3  # cited documents that a reader opens


@dataclass(frozen=True)
class Again:
    """A question put again. `judge` says what is wrong with its answer, "" if nothing."""

    label: str
    question: str
    judge: Callable[[Answer], str]
    only: Sequence[str] = ()
    without: Sequence[str] = ()


_Asking = Callable[[Case, Answer], Iterable[Again]]


@dataclass(frozen=True)
class Check:
    """One check. `again` gives what is asked again of a case that was answered so."""

    name: str
    title: str
    bound: float | None
    again: _Asking

    def __call__(
        self, assistant: Assistant, cases: Sequence[Case], answers: Answers, advance: Advance
    ) -> CheckResult:
        """The result over all that is asked again of all cases."""
        faults = []
        for case in cases:
            if case.id in answers:
                for one in self.again(case, answers[case.id]):
                    fault = _fault(assistant, case, one)
                    where = f"{case.id} ({one.label})" if one.label else case.id
                    faults.append(f"{where}: {fault}" if fault else "")
            else:
                faults.append(f"{case.id}: no answer to compare with")
            advance(1)
        broken = tuple(fault for fault in faults if fault)
        return CheckResult(
            name=self.name, title=self.title, measured=len(faults),
            held=len(faults) - len(broken), bound=self.bound, broken=broken,
        )  # fmt: skip


def _check(title: str, bound: float | None) -> Callable[[_Asking], Check]:
    """What makes a check, named as it is, of a function that gives what to ask again."""
    return lambda again: Check(again.__name__, title, bound, again)


@_check("same when mistyped", MISTYPED)
def same_when_mistyped(case: Case, answer: Answer) -> Iterator[Again]:
    """The same outcome and documents for each question with slips of the keys. See `alike`."""
    return _reworded(answer, [("mistyped", perturb.mistyped(case.question, SEED))])


@_check("same in capitals, small letters, without question mark", CARELESS)
def same_when_careless(case: Case, answer: Answer) -> Iterator[Again]:
    """The same outcome and documents in capitals, in small letters, without question mark."""
    rewrites = [
        ("capitals", perturb.shouted(case.question)),
        ("small letters", perturb.small_letters(case.question)),
        ("no question mark", perturb.without_question_mark(case.question)),
    ]
    return _reworded(answer, rewrites)


@_check("same in other words", OTHER_WORDS)
def same_in_other_words(case: Case, answer: Answer) -> Iterator[Again]:
    """The same outcome and documents for each of the case's `paraphrases`. See `alike`."""
    return _reworded(
        answer, [(f"paraphrase {n}", text) for n, text in enumerate(case.paraphrases, 1)]
    )


@_check("same with acronyms written out or put in", ACRONYM)
def same_with_acronym(case: Case, answer: Answer) -> Iterator[Again]:
    """The same outcome and documents with acronyms written out, or names as acronyms."""
    return _reworded(answer, [("acronym", perturb.acronym(case.question))])


@_check("declines without its evidence", WITHOUT_EVIDENCE)
def declines_without_evidence(case: Case, answer: Answer) -> Iterator[Again]:
    """Without all that holds the answer it declines, or at least states no vital fact.

    Taken away are the documents of the case's gold and evidence, and all that the answer cited.
    Measured: answerable cases with vital nuggets that were answered.
    """

    def judge(new: Answer) -> str:
        held = nugget_recall(case, new)
        return f"answered, with {held:.0%} of the vital facts" if held else ""

    if answer.outcome == "answered" and nugget_recall(case, answer) is not None:
        yield Again("", case.question, judge, without=sorted({*_stated_in(case), *_cited(answer)}))


@_check("the same when asked again", REPEATS)
def repeats(case: Case, answer: Answer) -> Iterator[Again]:
    """Asked again, the answer is equal in all fields but its `id`."""
    yield Again("", case.question, lambda new: _differing(answer, new))


@_check("its suggested questions are answered", FOLLOW_UPS)
def follow_ups_are_answered(case: Case, answer: Answer) -> Iterator[Again]:
    """What an answer suggests to ask next is answered."""
    for question in answer.follow_ups:
        yield Again("next", question, lambda new: "" if new.outcome == "answered" else "declined")


@_check("holds from its cited documents alone", CITED_ALONE)
def holds_from_cited_alone(case: Case, answer: Answer) -> Iterator[Again]:
    """From the cited documents alone it still answers, with as many of the vital facts.

    Measured: cases that were answered; of those without vital nuggets only the outcome.
    """

    def judge(new: Answer) -> str:
        if new.outcome != answer.outcome:
            return _outcomes(answer, new)
        before, after = nugget_recall(case, answer), nugget_recall(case, new)
        if before is None or after is None or after >= before:
            return ""
        return f"vital facts {before:.0%}, then {after:.0%}"

    if answer.outcome == "answered" and answer.citations:
        yield Again("", case.question, judge, only=_cited(answer))


@_check("changes without its cited documents", WITHOUT_CITED)
def changes_without_cited(case: Case, answer: Answer) -> Iterator[Again]:
    """Without the cited documents it cannot make the same claims, compared as a set of texts.

    Measured: cases that were answered with claims.
    """

    def judge(new: Answer) -> str:
        return "the same claims" if _claimed(new) == _claimed(answer) else ""

    if answer.outcome == "answered" and answer.claims:
        yield Again("", case.question, judge, without=_cited(answer))


@_check("same with an irrelevant document added", IRRELEVANT)
def same_with_an_irrelevant_document(case: Case, answer: Answer) -> Iterator[Again]:
    """The same outcome and quotes, in their order, from an index with a document more.

    To be called with the assistant of the larger index, and the answers of the other.
    """

    def judge(new: Answer) -> str:
        if new.outcome != answer.outcome:
            return _outcomes(answer, new)
        return "" if _quoted(new) == _quoted(answer) else "other citations"

    yield Again("", case.question, judge)


def alike(answer: Answer, new: Answer) -> str:
    """What differs between the answers to one question put in two ways; "" if nothing that counts.

    The outcome is the same, and one of the first three documents that the new answer cites is
    among those that the old one cites.
    """
    if new.outcome != answer.outcome:
        return _outcomes(answer, new)
    first = _cited(new)[:FIRST]
    if new.outcome == "declined" or {*first} & {*_cited(answer)}:
        return ""
    return f"cites {', '.join(first) or 'nothing'}"


def _reworded(answer: Answer, rewrites: Iterable[tuple[str, str | None]]) -> Iterator[Again]:
    """`alike` for each rewrite of a question, named; None where one does not apply."""
    for label, question in rewrites:
        if question is not None:
            yield Again(label, question, lambda new: alike(answer, new))


def _fault(assistant: Assistant, case: Case, again: Again) -> str:
    try:
        answer = assistant.ask(again.question, case.history, again.only, again.without)
    except AssistantError as error:
        return str(error)
    return again.judge(answer)


def _outcomes(answer: Answer, new: Answer) -> str:
    return f"{new.outcome}, was {answer.outcome}"


def _differing(answer: Answer, new: Answer) -> str:
    before, after = answer.model_dump(exclude={"id"}), new.model_dump(exclude={"id"})
    names = [name for name in before if before[name] != after[name]]
    return f"other {', '.join(names)}" if names else ""


def _cited(answer: Answer) -> list[str]:
    """The cited documents, each once, in the order of the citations."""
    return list(dict.fromkeys(citation.document_id for citation in answer.citations))


def _quoted(answer: Answer) -> list[tuple[str, int, int]]:
    return [(citation.document_id, citation.start, citation.end) for citation in answer.citations]


def _claimed(answer: Answer) -> set[str]:
    return {claim.text for claim in answer.claims}


def _stated_in(case: Case) -> set[str]:
    evidence = [one for nugget in case.nuggets for one in nugget.evidence]
    return {one.document_id for one in (*case.gold, *evidence)}
