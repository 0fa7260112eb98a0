"""Does a passage say what a sentence says? Rules that can be read, without a model that writes.

First guards: amounts, dates, names, denials, duties, how many and how often, groups of people, and
contraries must be those of the passage. Then coverage: enough of the sentence's words, weighted
by how rare they are, must have a like in the passage. A guard that fails is never outvoted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answering import lexicon
from assistant.answering.wording import Amount, Stems, Wording, plain

Doubt = Literal[
    "amount", "unit", "date", "name", "people", "denial", "duty", "quantity", "contrary",
    "cause", "condition", "words",
]  # fmt: skip
"""What a passage does not say as the sentence does; `words`: too little of it at all."""
Weights = Callable[[Sequence[str]], Mapping[str, float]]
"""Stems to how much each tells: more, the rarer it is."""
Closeness = Callable[[str, Sequence[str]], Sequence[float]]
"""A text and others to the cosine of its meaning with each."""
Likeness = Callable[[Sequence[str]], NDArray[np.float32]]
"""Words to unit vectors, shape (words, n): like words are near."""

_IN_PASSING = (
    "only once", "only around", "only about", "only when", "only in", "only part", "every so often",
)  # fmt: skip
# What is said of a text, and of nothing that it speaks of.
_OF_THE_TEXT = re.compile(
    r"^(?:this|the|that['’]s) (?:given |above |provided |a (?:great |good )?)?"
    r"(?:text|passage|summary|excerpt|paragraph)\b",
    re.IGNORECASE,
)
_SIGNS = frozenset(("%", "point", "£", "$", "€", "deviation"))
_LONGEST_WINDOW = 3  # sentences of a passage that are taken together
# Set on the dev claims of evals/datasets/support.
_WIDER = 0.25  # coverage that each further sentence must add
# From so much of the sentence's words covered, or from such a cosine with a sentence of the
# passage, the two speak of the same.
_COVERED, _CLOSE = 0.42, 0.58
_SHORT, _SHORT_NEEDS = 7, 0.06  # words of content, and for each one fewer, so much more
_FEWEST = 2  # words of content; fewer say nothing that could be checked
# Where one half of the sentence is said and the other is not, it joins two things.
_HALF_COVERED, _GAP = 0.35, 0.12
_UNLIKE, _LIKE = 0.2, 0.7  # cosines of words that count for nothing, and for the same word


@dataclass(frozen=True)
class Ground:
    """What a sentence may lean on: the sentences of a passage in their order, and its title and
    headings, whose words are taken for known."""

    sentences: tuple[str, ...]
    context: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a ground says a sentence; if not, why, with the word in question.

    `first` and `last` are the sentences of the ground that come nearest, the last one included.
    """

    support: Literal["verbatim", "supported", "unsupported"]
    first: int
    last: int
    coverage: float
    doubt: Doubt | None = None
    word: str = ""


class SupportCheck:
    """Checks sentences against grounds. Remembers the grounds it has read, so one is made for
    each answer."""

    def __init__(
        self, stems: Stems, weights: Weights, likeness: Likeness, closeness: Closeness
    ) -> None:
        """`closeness` is dear, and asked only where few words are covered."""
        self._stems = stems
        self._weights = weights
        self._likeness = likeness
        self._closeness = closeness
        self._read: dict[Ground, _Read] = {}

    def check(self, sentence: str, ground: Ground) -> Verdict:
        """Whether the ground says the sentence."""
        if not ground.sentences:
            return Verdict("unsupported", 0, 0, 0.0, "words")
        if said := _word_for_word(sentence, ground):
            return Verdict("verbatim", *said, 1.0)
        claim = Wording(sentence, self._stems)
        if _OF_THE_TEXT.search(claim.text):
            return Verdict("unsupported", 0, 0, 0.0, "words")
        read = self._read.get(ground) or self._read.setdefault(ground, self._reading(ground))
        first, last, coverage, weaker = self._window(claim, read)
        # In a short sentence one word that is not said may be all that matters.
        short = max(_SHORT - len(claim.content), 0) * _SHORT_NEEDS
        if len(claim.content) < _FEWEST:
            return Verdict("unsupported", first, last, coverage, "words")
        if coverage < _COVERED + short:
            near = self._closeness(sentence, ground.sentences)
            first = last = max(range(len(near)), key=near.__getitem__)
            if near[first] < _CLOSE + short:
                return Verdict("unsupported", first, last, coverage, "words")
        spoken = Wording(" ".join(ground.sentences[first : last + 1]), self._stems)
        doubts = doubts_of(claim, spoken, read.context)
        if not doubts and weaker < _HALF_COVERED <= coverage - _GAP:
            doubts = [("words", "")]
        if not doubts:
            return Verdict("supported", first, last, coverage)
        return Verdict("unsupported", first, last, coverage, *doubts[0])

    def _reading(self, ground: Ground) -> "_Read":
        wordings = tuple(Wording(text, self._stems) for text in ground.sentences)
        context = Wording(ground.context, self._stems)
        words = list(dict.fromkeys(w.lower for one in (*wordings, context) for w in one.words))
        at = {word: n for n, word in enumerate(words)}
        places = tuple(
            np.array(sorted({at[w.lower] for w in (*one.words, *context.words)}), dtype=np.intp)
            for one in wordings
        )
        return _Read(wordings, context, places, self._likeness(words))

    def _window(self, claim: Wording, read: "_Read") -> tuple[int, int, float, float]:
        """The sentences of the ground that say most of the claim, how much, and how much of its
        first or second half, of which less is said: in [0, 1]."""
        stems = [claim.stems[n] for n in claim.content]
        if not stems:
            return 0, 0, 0.0, 0.0
        weight = self._weights(stems)
        weights = np.array([weight[stem] for stem in stems])
        like = self._likeness([claim.words[n].lower for n in claim.content]) @ read.vectors.T
        like = np.clip((like - _UNLIKE) / (_LIKE - _UNLIKE), 0, 1)
        credit = np.zeros((len(read.sentences), len(stems)))
        for n, (one, places) in enumerate(zip(read.sentences, read.places, strict=True)):
            known = one.stem_set | read.context.stem_set
            exact = np.array([stem in known for stem in stems])
            credit[n] = np.where(exact, 1.0, like[:, places].max(1) if len(places) else 0.0)
        best = (0.0, 0, 0, 0.0)
        for first in range(len(credit)):
            for last in range(first, min(first + _LONGEST_WINDOW, len(credit))):
                held = credit[first : last + 1].max(0)
                coverage = float(held @ weights / weights.sum())
                worth = round(coverage - _WIDER * (last - first), 4)
                best = max(best, (worth, -first, -last, coverage))
        held = credit[-best[1] : 1 - best[2]].max(0) * weights
        middle = max(len(stems) // 2, 1)
        halves = [
            float(held[part].sum() / weights[part].sum())
            for part in (slice(middle), slice(middle, None))
            if weights[part].sum() > 0
        ]
        return -best[1], -best[2], round(best[3], 3), round(min(halves), 3)


@dataclass(frozen=True)
class _Read:
    """A ground, read. `places` are the rows of `vectors` that belong to each sentence."""

    sentences: tuple[Wording, ...]
    context: Wording
    places: tuple[NDArray[np.intp], ...]
    vectors: NDArray[np.float32]


def _word_for_word(sentence: str, ground: Ground) -> tuple[int, int] | None:
    """The sentences of the ground that are just this one, but for marks around it."""
    wanted = _bare(sentence)
    texts = [_bare(text) for text in ground.sentences]
    for first in range(len(texts)):
        for last in range(first, min(first + _LONGEST_WINDOW, len(texts))):
            if wanted and " ".join(texts[first : last + 1]) == wanted:
                return first, last
    return None


def _bare(text: str) -> str:
    """The text without quotation marks and full stops."""
    text = re.sub(r"[‐‑‒–—−]", "-", plain(text).lower()).replace('"', "")
    return re.sub(r"[.!;:]+(?=\s|$)", "", text).strip(" '()")


def doubts_of(claim: Wording, ground: Wording, context: Wording) -> list[tuple[Doubt, str]]:
    """Every guard that fails, with the words of the claim that the ground does not carry."""
    return [
        *_amounts(claim, ground, context),
        *_counted(claim, ground),
        *_dates(claim, ground, context),
        *_names(claim, ground, context),
        *_people(claim, ground, context),
        *_denials(claim, ground),
        *_duties(claim, ground),
        *_quantities(claim, ground),
        *_contraries(claim, ground),
        *_causes(claim, ground),
        *_conditions(claim, ground),
    ]


def _amounts(claim: Wording, ground: Wording, context: Wording) -> list[tuple[Doubt, str]]:
    theirs = ground.amounts_said or context.amounts_said
    found: list[tuple[Doubt, str]] = []
    for mine in claim.amounts:
        same = [o for o in theirs if o.ordinal == mine.ordinal and _near(o.value, mine.value)]
        if not same:
            if not _stands_for_words(mine, ground):
                found.append(("amount", _number(mine)))
        elif not any(_same_unit(mine, one) for one in same) or (
            mine.unit in _SIGNS and not any(mine.unit == one.unit for one in same)
        ):
            found.append(("unit", _number(mine)))
        elif not any(_same_bound(mine, one) for one in same if _same_unit(mine, one)):
            found.append(("amount", _number(mine)))
    for phrases in (lexicon.AT_LEAST[:6], lexicon.AT_MOST[:8]):
        bounded = ground.says(phrases) or any(one.bound for one in theirs)
        if not bounded and (said := claim.first_of(phrases)):
            found.append(("amount", said))
    named = ground.units | context.units | {one.unit for one in theirs}
    found += [("unit", unit) for unit in sorted(claim.times - named)]
    return found


def _stands_for_words(mine: Amount, ground: Wording) -> bool:
    """Whether a small number is only a way to say "a", "both", or what has no number."""
    if mine.ordinal:
        return mine.value == 1
    if mine.unit is not None:
        return False
    if mine.value == 1:
        return ground.has(("a", "an", "single", "each", "same", "any", "every", "only"))
    if mine.value == 2 and mine.plural:
        return ground.has(("both", "either", "pair", "another", "other"))
    return False


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1)


def _same_unit(mine: Amount, one: Amount) -> bool:
    return mine.unit is None or one.unit is None or mine.unit == one.unit


def _same_bound(mine: Amount, one: Amount) -> bool:
    return mine.bound == one.bound


def _number(mine: Amount) -> str:
    value = f"{mine.value:g}"
    if mine.unit is None:
        return value
    several = "s" if mine.unit in lexicon.PERIODS and mine.value != 1 else ""
    return f"{value} {mine.unit}{several}"


def _counted(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    """What is counted: "258 papers" where the ground counts papers with another number."""
    theirs = ground.counted
    found: list[tuple[Doubt, str]] = []
    for value, things in claim.counted:
        mine = [t for v, t in theirs if _near(v, value)]
        if not things or not mine or any(not t or things & t for t in mine):
            continue
        others = [t for v, t in theirs if not _near(v, value)]
        if any(things & t for t in others):
            found.append(("amount", f"{value:g}"))
    return found


def _dates(claim: Wording, ground: Wording, context: Wording) -> list[tuple[Doubt, str]]:
    return [("date", date) for date in sorted(claim.dates - ground.dates - context.dates)]


def _names(claim: Wording, ground: Wording, context: Wording) -> list[tuple[Doubt, str]]:
    known = ground.lower | context.lower
    stems = ground.stem_set | context.stem_set
    parts_known = {part for word in known for part in word.replace("'", "-").split("-")}
    found: list[tuple[Doubt, str]] = []
    for n, name in claim.names:
        lower = name.lower().removesuffix("'s").removesuffix("'")
        parts = [part for part in lower.replace("'", "-").split("-") if part]
        if lower in known or all(part in parts_known for part in parts):
            continue
        if claim.stems[n] in stems or lower in ground.initials | context.initials:
            continue
        if any(lower in words for words in claim.spelt_out(known)):
            continue
        found.append(("name", name))
    return found


def _people(claim: Wording, ground: Wording, context: Wording) -> list[tuple[Doubt, str]]:
    return [
        ("people", min(claim.lower & group))
        for group in lexicon.PEOPLE
        if claim.has(group) and not ground.has(group) and not context.has(group)
    ]


def _denials(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    if _contrary_pairs(claim, ground):
        return []
    more = ground.says(lexicon.MORE_THAN) and not claim.says(lexicon.AS_WELL)
    if more and claim.has(("only", "just")):
        return [("denial", "only")]
    less = claim.says(lexicon.MORE_THAN) and not ground.says(lexicon.AS_WELL)
    if less and ground.has(("only", "just")):
        return [("denial", "only")]
    mine, theirs = claim.denials, ground.denials
    # What both say in the same words denies on neither side.
    my_soft = len(claim.soft_denials - ground.lower)
    their_soft = len(ground.soft_denials - claim.lower)
    if mine > theirs + their_soft or theirs > mine + my_soft:
        return [("denial", "not")]
    put_in = _denied_first(claim) & _stems_where(ground, False) - _stems_where(ground, True)
    if put_in and mine + my_soft > theirs:
        return [("denial", min(put_in))]
    taken_out = _denied_first(ground) & _stems_where(claim, False) - _stems_where(claim, True)
    if taken_out and theirs > mine and not my_soft:
        return [("denial", min(taken_out))]
    return []


def _denied_first(wording: Wording) -> set[str]:
    return {wording.stems[n] for n, word in enumerate(wording.words) if word.denied_first}


def _stems_where(wording: Wording, denied: bool) -> set[str]:
    return {wording.stems[n] for n in wording.content if wording.words[n].denied == denied}


def _duties(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    g_must, g_should, g_may, g_can = (
        ground.has(w) for w in (lexicon.MUST, lexicon.SHOULD, lexicon.HEDGED, lexicon.CAN)
    )
    must = claim.lower & {"must"} or {word for word in lexicon.MUST if claim.open((word,))}
    if must and not (g_must or ground.has(("need", "needs"))):
        return [("duty", min(must))]
    if claim.says(lexicon.NEED_NOT) and not ground.says(lexicon.NEED_NOT):
        return [("duty", "need not")]
    should = claim.lower & lexicon.SHOULD
    if should and not g_should and (g_may or g_can or (g_must and not must)):
        return [("duty", min(should))]
    may, can = claim.lower & lexicon.MAY, claim.lower & lexicon.CAN
    duty = g_must or g_should
    if may and not g_may and (duty or not g_can):
        return [("duty", min(may))]
    if can and not (g_may or g_can) and duty and not should | must:
        return [("duty", min(can))]
    hedged = can or should or claim.has(lexicon.HEDGED | lexicon.SOME | lexicon.MOST)
    hedges = ground.lower & lexicon.HEDGES - ground.dates
    if hedges and not hedged:
        return [("duty", min(hedges))]
    return []


def _quantities(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    for total, allowed in lexicon.TOTALS:
        said = claim.lower & total
        if said <= {"only"} and claim.says(_IN_PASSING):
            continue
        if said <= {"every", "each"} and claim.times:
            continue  # how often is compared by itself
        if said and claim.open(said) and not ground.has(allowed):
            return [("quantity", min(said))]
    most = claim.lower & (lexicon.MOST - {"much", "many"})
    if most and not ground.has(lexicon.MOST | lexicon.WHOLE):
        return [("quantity", min(most))]
    few = ground.lower & {"some", "sometimes", "few", "occasionally", "rarely", "seldom"}
    if few and not claim.has(lexicon.SOME | lexicon.MAY | lexicon.CAN | lexicon.MOST | {"not"}):
        return [("quantity", min(few))]
    most = ground.lower & {"many", "most", "usually", "often", "generally", "typically", "mostly"}
    everywhere = claim.lower & {"all", "every", "always", "each", "everyone"}
    if most and everywhere and not ground.has(everywhere):
        return [("quantity", min(everywhere))]
    moved = claim.moves - ground.moves
    if moved and ground.moves:
        return [("contrary", min(moved))]
    return []


def _contrary_pairs(claim: Wording, ground: Wording) -> list[str]:
    return [
        word
        for word in sorted(claim.lower - ground.lower)
        if any(
            other in ground.lower and other not in claim.lower
            for other in lexicon.OPPOSITES.get(word, ())
        )
    ]


def _contraries(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    if (claim.denials > 0) != (ground.denials > 0):
        return []
    for word in _contrary_pairs(claim, ground):
        others = lexicon.OPPOSITES[word] & ground.lower
        if word in lexicon.OF_DEGREE or claim.near(word) & ground.near(*others):
            return [("contrary", word)]
    for one, other in lexicon.DIRECTIONS:
        for mine, theirs in ((one, other), (other, one)):
            said = claim.lower & mine - ground.lower
            turned = ground.has(theirs) and not (ground.has(mine) or claim.has(theirs))
            if said and turned:
                return [("contrary", min(said))]
    return []


def _causes(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    said = claim.first_of(lexicon.CAUSES)
    return [("cause", said)] if said and not ground.says(lexicon.GIVES_REASONS) else []


def _conditions(claim: Wording, ground: Wording) -> list[tuple[Doubt, str]]:
    anyway = claim.first_of(lexicon.DROPS_A_CONDITION)
    if anyway and ground.says(("if", "unless", "when", "only")) and not ground.says((anyway,)):
        return [("condition", anyway)]
    put = claim.first_of(lexicon.PUTS_A_CONDITION)
    if put and not ground.says(lexicon.CONDITIONS):
        return [("condition", put)]
    dropped = ground.first_of(("if", "unless", "provided"))
    if dropped and not claim.says(lexicon.MAY_STAND_FOR_CONDITIONS):
        return [("condition", dropped)]
    return []
