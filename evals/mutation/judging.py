"""How a judge of support takes to changed sentences.

Mutation testing gives two numbers: the share of changes of meaning that the judge notices, and
its false alarms at harmless edits. All functions are pure.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from evals.cases import Case, Match
from evals.matching import holds, normal
from evals.mutation.operators import HARMLESS, LIST_MARKER, MERGE, OPERATORS, Operator, merge

Source = TypeVar("Source")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tally(_Part):
    """What a judge made of the changes of one kind. `rejected`: it no longer saw support.

    Of changes in meaning all should be rejected, of harmless ones none. `unexpected` are lines
    for people: mutants that were let through, or harmless edits that were rejected.
    """

    made: int
    rejected: int
    unexpected: tuple[str, ...]

    @property
    def rate(self) -> float | None:
        """The share rejected: kill rate of mutants, false alarms of edits. None if none made."""
        return self.rejected / self.made if self.made else None


class MutationReport(_Part):
    """How a judge stands up to changed sentences. Keys are those of the operators and of HARMLESS.

    `unsupported` sentences were rejected as they stand. Nothing is made of them, so a judge that
    rejects everything has no kill rate.
    """

    sentences: int
    unsupported: int
    mutants: dict[str, Tally]
    harmless: dict[str, Tally]


def verbatim(sentence: str, source: str) -> bool:
    """Whether the source says the sentence in whole words, both in `matching.normal` form.

    A list marker before the sentence is no part of it, and "" is never said. Blind to what
    stands before and after: a source that says "not X" is taken to say "X".
    """
    marker = LIST_MARKER.match(sentence)
    plain = normal(sentence[marker.end() if marker else 0 :])
    whole = rf"(?<!\w){re.escape(plain)}(?!\w)"
    return bool(plain) and re.search(whole, normal(source)) is not None


def _nowhere(_: object) -> str:
    return ""


def score(
    judge: Callable[[str, Source], bool],
    pairs: Sequence[tuple[str, Source]],
    operators: Mapping[str, Operator] = OPERATORS,
    where: Callable[[Source], str] = _nowhere,
) -> MutationReport:
    """How `judge(sentence, source)` takes to changes of sentences that it says are supported.

    `pairs` are sentences, each with a source that does support it: a text, or whatever the judge
    knows one by. Each sentence is also merged with the next one in the list (`MERGE`), and judged
    against its own source. Lines for people begin with `where(source)`.
    """
    kept = [(sentence, source) for sentence, source in pairs if judge(sentence, source)]
    made: dict[str, list[tuple[str, bool]]] = {name: [] for name in (*operators, MERGE)}
    edits: dict[str, list[tuple[str, bool]]] = {name: [] for name in HARMLESS}

    def judged(source: Source, changed: Sequence[str]) -> list[tuple[str, bool]]:
        return [(where(source) + one, judge(one, source)) for one in changed]

    for at, (sentence, source) in enumerate(kept):
        for name, operator in operators.items():
            made[name] += judged(source, operator(sentence))
        for following, _ in kept[at + 1 : at + 2]:
            made[MERGE] += judged(source, merge(sentence, following))
        for name, operator in HARMLESS.items():
            edits[name] += judged(source, operator(sentence))
    return _report(len(kept), len(pairs) - len(kept), made, edits)


def match_report(cases: Sequence[Case]) -> MutationReport:
    """Whether the matches of the cases' nuggets notice that the nugget's own text was changed.

    A match says only what an answer must hold, so most changes are none of its business. A
    mutant counts only where the match is about what was changed:
    - the words that were changed or taken out stand in a phrase of `all_of` or `any_of` that the
      text holds at that place, or are one of the `numbers`;
    - or words were put in inside such a phrase ("is ready" to "is not ready");
    - or the words that were put in stand in a phrase of `forbid`.
    A counted mutant is let through where another alternative of the same entry is still held, or
    the changed phrase is itself an alternative ("should|must"). Harmless edits all count. Nothing
    is merged here: half a text is no change of a fact.
    """
    made: dict[str, list[tuple[str, bool]]] = {name: [] for name in OPERATORS}
    edits: dict[str, list[tuple[str, bool]]] = {name: [] for name in HARMLESS}
    supported = unsupported = 0
    for case in cases:
        for nugget in case.nuggets:
            text, match = nugget.text, nugget.match
            if not holds(text, match):
                unsupported += 1
                continue
            supported += 1
            where = f"{case.id}/{nugget.id}: "
            for name, operator in OPERATORS.items():
                mutants = [m for m in operator(text) if is_about(match, text, m)]
                made[name] += [(where + m, holds(m, match)) for m in mutants]
            for name, operator in HARMLESS.items():
                edits[name] += [(where + e, holds(e, match)) for e in operator(text)]
    return _report(supported, unsupported, made, edits)


def is_about(match: Match, text: str, mutant: str) -> bool:
    """Whether a match of a text is about what was changed in its mutant. See `match_report`."""
    plain = normal(text)
    old, new = plain.split(), normal(mutant).split()
    head = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = len(list(takewhile(lambda pair: pair[0] == pair[1], rest)))
    start = len(" ".join([*old[:head], ""]))
    end = start + len(" ".join(old[head : len(old) - tail]))
    put_in = new[head : len(new) - tail]
    phrases = [*match.all_of, *match.any_of]
    return (
        any(s < end and start < e for phrase in phrases for s, e in _at(plain, phrase))
        or any(n in map(normal, match.numbers) for n in _numbers(plain[start:end]))
        or any(word in normal(phrase).split() for phrase in match.forbid for word in put_in)
    )


def _at(plain: str, phrase: str) -> list[tuple[int, int]]:
    """Where the alternatives of a phrase stand in a text in normal form."""
    return [
        found.span()
        for part in phrase.split("|")
        if part.strip()
        for found in re.finditer(rf"(?<!\w){re.escape(normal(part))}", plain)
    ]


def _numbers(plain: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", plain)


def _report(
    sentences: int,
    unsupported: int,
    made: Mapping[str, Sequence[tuple[str, bool]]],
    edits: Mapping[str, Sequence[tuple[str, bool]]],
) -> MutationReport:
    return MutationReport(
        sentences=sentences,
        unsupported=unsupported,
        mutants={name: tally(judged, unexpected=True) for name, judged in made.items()},
        harmless={name: tally(judged, unexpected=False) for name, judged in edits.items()},
    )


def tally(judged: Sequence[tuple[str, bool]], unexpected: bool) -> Tally:
    """`judged` pairs what was made with whether it was taken for supported; `unexpected` says
    which of the two is to be shown."""
    return Tally(
        made=len(judged),
        rejected=sum(not supported for _, supported in judged),
        unexpected=tuple(line for line, supported in judged if supported is unexpected),
    )
