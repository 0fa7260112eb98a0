"""Words and phrases, what each is changed to, and the change made in a sentence."""

import re
from collections.abc import Collection, Mapping


class Swaps:
    """What each of some words or phrases is changed to. Longer ones are looked for first; one
    that is changed to nothing at all guards its words from the shorter ones."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self.words = words
        longest = sorted(words, key=lambda word: (-len(word), word))
        self.pattern = re.compile("|".join(map(_as_pattern, longest)), re.IGNORECASE)


def _as_pattern(phrase: str) -> str:
    parts = (re.escape(part).replace("'", "['’]") for part in phrase.split())
    before = r"(?<!\w)" if phrase[0].isalpha() else ""
    after = r"(?!\w)" if phrase[-1].isalpha() else ""
    return before + r"\s+".join(parts) + after


def swapped(sentence: str, swaps: Swaps, skip: Collection[int] = ()) -> tuple[str, ...]:
    """One mutant for each place and each change, but for places that begin in `skip`."""
    mutants = []
    for found in swaps.pattern.finditer(sentence):
        if found.start() in skip:
            continue
        key = " ".join(found[0].lower().replace("’", "'").split())
        mutants += [put(sentence, found, word) for word in swaps.words[key]]
    return tuple(mutants)


def put(sentence: str, found: re.Match[str], word: str) -> str:
    """The sentence with a word in the place of another, in its capitals; "" takes it out."""
    before, after, old = sentence[: found.start()], sentence[found.end() :], found[0]
    if not word:
        after = after.lstrip()
        if not after or not after[0].isalnum():
            before = before.rstrip()
        return before + (after[:1].upper() + after[1:] if old[0].isupper() else after)
    if len(old) > 1 and old.isupper():
        word = word.upper()
    elif old[0].isupper():
        word = word[0].upper() + word[1:]
    return before + word + after


def _both_ways(pairs: str) -> dict[str, tuple[str, ...]]:
    """Pairs such as a/b as changes of each to the other, with "_" for a space."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs.replace("\n", " ").split():
        one, other = pair.replace("_", " ").split("/")
        found |= {one: (other,), other: (one,)}
    return found


def _one_way(pairs: str) -> dict[str, tuple[str, ...]]:
    """Runs such as a/b/c as changes of a to b and to c; an a alone guards it. "_" is a space."""
    parted = [pair.replace("_", " ").split("/") for pair in pairs.replace("\n", " ").split()]
    return {first: tuple(others) for first, *others in parted}


UNITS = Swaps(
    _one_way(
        "minute/hour minutes/hours hour/day hours/days day/week days/weeks week/month weeks/months "
        "month/year months/years year/month years/months daily/weekly weekly/monthly "
        "fortnightly/monthly termly/weekly monthly/yearly quarterly/weekly yearly/monthly "
        "annually/monthly %/_percentage_points percent/percentage_points "
        "per_cent/percentage_points standard_deviations/percentage_points £/$ €/$ $/£ "
        "metres/kilometres kilometres/metres mg/g kg/g ml/l"
    )
)
DENIALS = Swaps(
    _one_way(
        "cannot/can can't/can won't/will shan't/shall not/ not_yet/already no_longer/still "
        "never/always without/with neither/either none/all nothing/everything nobody/everybody "
        "no_one/everyone no/some insufficient/sufficient ineffective/effective unlikely/likely "
        "unknown/known unclear/clear unplanned/planned"
    )
)
MODALS = Swaps(
    _one_way(
        "must/should/may should/must/may shall/may may/must might/must can/must could/must "
        "will/may ought_to/may must_not/need_not/should_not should_not/need_not/must_not "
        "need_not/must_not may_not/need_not do_not_have_to/must_not does_not_have_to/must_not "
        "cannot can_not has_to/may have_to/may had_to/chose_to needs_to/may need_to/may "
        "required/recommended recommended/required optional/required mandatory/optional "
        "essential/optional always/sometimes usually/always often/always sometimes/always "
        "rarely/often seldom/often probably/certainly possibly/certainly likely/certain"
    )
)
POPULATIONS = Swaps(
    _both_ways(
        "school/hospital schools/hospitals teacher/nurse teachers/nurses pupil/patient "
        "pupils/patients children/adults child/adult classroom/ward classrooms/wards "
        "primary/secondary urban/rural boys/girls men/women"
    )
    | _one_way(
        "student/patient students/patients staff/volunteers practitioner/patient "
        "practitioners/patients clinician/teacher clinicians/teachers coach/evaluator "
        "coaches/evaluators leaders/parents parents/teachers clinic/school clinics/schools "
        "district/hospital districts/hospitals sites/families charity/university "
        "england/scotland scotland/england wales/england canada/australia canadian/australian "
        "united_kingdom/united_states united_states/united_kingdom"
    )
)
COMPARATORS = Swaps(
    _both_ways(
        "more/less at_least/at_most before/after increase/decrease increases/decreases "
        "increased/decreased increasing/decreasing higher/lower highest/lowest above/below "
        "better/worse best/worst earlier/later early/late larger/smaller largest/smallest "
        "longer/shorter stronger/weaker faster/slower minimum/maximum or_more/or_fewer "
        "positive/negative rising/falling rises/falls easier/harder"
    )
    | _one_way(
        "fewer/more most/few greater/smaller up_to/more_than bigger/smaller improves/worsens "
        "improved/worsened no_longer any_longer more_or_less before_and_after "
        "rather_than/as_well_as"
    )
)
