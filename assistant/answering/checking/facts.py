"""Guards of what can be named: amounts, units, dates, names, groups of people."""

from assistant.answering.checking import lexicon, measures
from assistant.answering.checking.amounts import Amount
from assistant.answering.checking.verdicts import Doubts
from assistant.answering.checking.wording import Wording

_SIGNS = frozenset(("%", "point", "£", "$", "€", "deviation"))


def amounts(claim: Wording, ground: Wording, context: Wording) -> Doubts:
    """Numbers, units and bounds that the ground does not give."""
    theirs = ground.amounts_said or context.amounts_said
    found: Doubts = []
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
    for phrases in (measures.PLAINLY_AT_LEAST, measures.PLAINLY_AT_MOST):
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
    several = "s" if mine.unit in measures.PERIODS and mine.value != 1 else ""
    return f"{value} {mine.unit}{several}"


def counted(claim: Wording, ground: Wording) -> Doubts:
    """What is counted: "258 papers" where the ground counts papers with another number."""
    theirs = ground.counted
    found: Doubts = []
    for value, things in claim.counted:
        mine = [t for v, t in theirs if _near(v, value)]
        if not things or not mine or any(not t or things & t for t in mine):
            continue
        others = [t for v, t in theirs if not _near(v, value)]
        if any(things & t for t in others):
            found.append(("amount", f"{value:g}"))
    return found


def dates(claim: Wording, ground: Wording, context: Wording) -> Doubts:
    """Months and days of the week that the ground does not name."""
    return [("date", date) for date in sorted(claim.dates - ground.dates - context.dates)]


def names(claim: Wording, ground: Wording, context: Wording) -> Doubts:
    """Names that the ground has neither so, nor spelt out, nor as initials."""
    known = ground.lower | context.lower
    stems = ground.stem_set | context.stem_set
    parts_known = {part for word in known for part in word.replace("'", "-").split("-")}
    found: Doubts = []
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


def people(claim: Wording, ground: Wording, context: Wording) -> Doubts:
    """Groups of people, or places, of which the ground does not speak."""
    return [
        ("people", min(claim.lower & group))
        for group in lexicon.PEOPLE
        if claim.has(group) and not ground.has(group) and not context.has(group)
    ]
