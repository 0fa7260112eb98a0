"""Changes of a sentence that change its meaning, and changes that do not.

A judge of support must notice the first and pass over the second. Mutants need not be good
English, but each says something else than its sentence. All functions are pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from evals.matching import normal
from evals.mutation.swaps import (
    COMPARATORS,
    DENIALS,
    MODALS,
    POPULATIONS,
    UNITS,
    put,
    swapped,
)

Operator = Callable[[str], tuple[str, ...]]


# --- changes of meaning

_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z]-)(?P<digits>\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+|\d+)"
    r"(?P<places>\.\d+)?(?![\w]|[.,]\d)"
    rf"|(?<!ty-)(?<!no )\b(?P<word>{'|'.join(_NUMBER_WORDS)})\b(?!-off| another)",
    re.IGNORECASE,
)
LIST_MARKER = re.compile(r"\s*(?:[-*•–]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")


def changed_number(sentence: str) -> tuple[str, ...]:
    """Each number raised by one in its last place: "four" to "five", "27%" to "28%", 2014 to 2015.

    Numbers in digits and the words from zero to twelve (which becomes eleven). The number of a
    list item, "one" in "one-off", "no one" and "one another", and digits in names are none.
    """
    marker = LIST_MARKER.match(sentence)
    start = marker.end() if marker else 0
    return tuple(
        put(sentence, found, _raised(found)) for found in _NUMBER.finditer(sentence, start)
    )


def _raised(found: re.Match[str]) -> str:
    if found["word"]:
        at = _NUMBER_WORDS.index(found["word"].lower())
        return _NUMBER_WORDS[at + 1 if at < 12 else 11]
    separator = next((char for char in found["digits"] if not char.isdigit()), "")
    places = found["places"] or ""
    plain = re.sub(r"\D", "", found["digits"]) + places
    step = Decimal(1).scaleb(-len(places[1:]))
    raised = Decimal(plain) + step
    return f"{raised:,}".replace(",", separator) if separator else str(raised)


def changed_unit(sentence: str) -> tuple[str, ...]:
    """Each unit changed to another of its kind: "weeks" to "months", "%" to percentage points."""
    return swapped(sentence, UNITS)


_ABLE_TO_BE_DENIED = re.compile(
    r"\b(?:is|are|was|were|will|would|should|must|may|might|can|could"
    r"|(?:has|have|had)(?=\s+(?:been|\w{3,}ed)\b))\b"
    r"(?!n['’]t|['’-]|\s+(?:not|no|never|neither|nothing|none)\b)"
)


def negation_put_in(sentence: str) -> tuple[str, ...]:
    """Each auxiliary verb denied; if there is none, the sentence after "It is not true that".

    Verbs that are denied already stay. The second kind is not made of questions, nor of
    sentences that hold a negation.
    """
    mutants = tuple(
        put(sentence, found, "cannot" if found[0] == "can" else f"{found[0]} not")
        for found in _ABLE_TO_BE_DENIED.finditer(sentence)
    )
    if mutants or not sentence.strip() or sentence.rstrip().endswith("?"):
        return mutants
    if DENIALS.pattern.search(sentence) or _CONTRACTED.search(sentence):
        return ()
    marker = LIST_MARKER.match(sentence)
    start = marker.end() if marker else 0
    return (f"{sentence[:start]}It is not true that {sentence[start:].lstrip()}",)


_CONTRACTED = re.compile(r"\b(?!(?:ca|wo|sha)n['’]t)(\w+)n['’]t\b", re.IGNORECASE)


def negation_taken_out(sentence: str) -> tuple[str, ...]:
    """Each negation taken out or turned round: "is not" to "is", "never" to "always"."""
    contracted = tuple(put(sentence, f, f[1]) for f in _CONTRACTED.finditer(sentence))
    return swapped(sentence, DENIALS) + contracted


_MONTH = re.compile(r"(?<!^)(?<![.?!:] )\bMay\b|\bMay(?=\s+\d)")


def swapped_modality(sentence: str) -> tuple[str, ...]:
    """Each word of duty, permission or frequency made stronger or weaker: "should" to "must" and
    to "may", "must not" to "need not", "often" to "always"."""
    months = {found.start() for found in _MONTH.finditer(sentence)}
    return swapped(sentence, MODALS, months)


def swapped_population(sentence: str) -> tuple[str, ...]:
    """Each group of people or setting changed to another: "nurses" to "teachers"."""
    return swapped(sentence, POPULATIONS)


def swapped_comparator(sentence: str) -> tuple[str, ...]:
    """Each comparison turned round: "more" to "less", "at least" to "at most"."""
    return swapped(sentence, COMPARATORS)


_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_VERBS = ("March", "May")  # months that may be verbs
_DATE = re.compile(
    r"(?<![\w.,£$€])(?<![A-Za-z]-)(?P<year>(?:19|20)\d\d)(?![\w%]|[.,]\d)"
    rf"|\b(?P<day>{'|'.join(_WEEKDAYS)})(?=s?\b)"
    rf"|\b(?P<month>{'|'.join(month for month in _MONTHS if month not in _VERBS)})\b"
    # Where a sentence begins, a verb; a month only before a number.
    r"|(?<!^)(?<![.?!:] )\b(?:March|May)\b|\b(?:March|May)(?=\s+\d)"
)


def changed_date(sentence: str) -> tuple[str, ...]:
    """Each month, weekday and year from 1900 to 2099 made the next: "May" to "June", 2014 to 2015.

    December becomes January, and Sunday Monday.
    """
    return tuple(put(sentence, found, _next_date(found)) for found in _DATE.finditer(sentence))


def _next_date(found: re.Match[str]) -> str:
    if found["year"]:
        return str(int(found["year"]) + 1)
    names = _WEEKDAYS if found["day"] else _MONTHS
    return names[(names.index(found[0]) + 1) % len(names)]


_TOKEN = re.compile(r"\w+(?:[-/]\w+)*")


def names_in(sentence: str) -> tuple[str, ...]:
    """The names in a sentence, each once: acronyms, and runs of capitalised words.

    A run that begins the sentence is none, but for its acronyms (two capitals or more: "RE-AIM");
    single letters, months and weekdays are none.
    """
    names: list[str] = []
    for begins, run in _runs(sentence):
        names += filter(_is_acronym, run) if begins else [" ".join(run)]
    return tuple(dict.fromkeys(names))


def _runs(sentence: str) -> Iterator[tuple[bool, list[str]]]:
    """Each run of capitalised words with whether it begins a sentence."""
    run: list[str] = []
    begins, end = True, 0
    for found in _TOKEN.finditer(sentence):
        gap, word = sentence[end : found.start()], found[0]
        opens = not end or any(mark in gap for mark in ".?!:")
        capital = word[0].isupper() or _is_acronym(word)
        named = capital and len(word) > 1 and word not in (*_MONTHS, *_WEEKDAYS)
        if run and (gap.strip() or not named):
            yield begins, run
            run = []
        if named:
            begins = begins if run else opens
            run.append(word)
        end = found.end()
    if run:
        yield begins, run


def _is_acronym(name: str) -> bool:
    return " " not in name and sum(char.isupper() for char in name) > 1


def swapped_name(sentence: str, names: Sequence[str]) -> tuple[str, ...]:
    """Each name, wherever it stands, exchanged for one of `names` that the sentence does not hold.

    For an acronym an acronym is taken, and words for words, if there are any: the next in the
    order of the alphabet, and after the last the first.
    """
    others = sorted(name for name in set(names) if not _standing(normal(name), normal(sentence)))
    mutants = []
    for name in names_in(sentence):
        alike = [other for other in others if _is_acronym(other) == _is_acronym(name)] or others
        if alike:
            other = next((other for other in alike if other > name), alike[0])
            mutants.append(other.join(_whole(name).split(sentence)))
    return tuple(mutants)


def _whole(name: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![\w/-]){words}(?![\w/-])")


def _standing(name: str, sentence: str) -> bool:
    return _whole(name).search(sentence) is not None


def merge(first: str, second: str) -> tuple[str, ...]:
    """The first half of one sentence with the second half of the other, in words.

    None of sentences of less than four words, or if it comes out as one of the two.
    """
    one, other = first.split(), second.split()
    if min(len(one), len(other)) < 4:
        return ()
    merged = " ".join(one[: len(one) // 2] + other[len(other) // 2 :])
    return () if normal(merged) in (normal(first), normal(second)) else (merged,)


# --- changes that mean nothing


def white_space(sentence: str) -> tuple[str, ...]:
    """Spaces doubled, and made line breaks; space around the sentence."""
    parts = sentence.split(" ")
    return _other_than(sentence, ("  ".join(parts), "\n".join(parts), f" {sentence}\n"))


def capitals(sentence: str) -> tuple[str, ...]:
    """All in capitals, and all in small letters."""
    edits = (sentence.upper(), sentence.lower())
    # "ŉ" and its like become other letters; that is no edit of capitals.
    return _other_than(sentence, [e for e in edits if e.casefold() == sentence.casefold()])


def dashes(sentence: str) -> tuple[str, ...]:
    """Hyphens made dashes and hard hyphens; dashes made hyphens."""
    long = re.sub(r"[‐‑‒–—―−]", "-", sentence)
    return _other_than(sentence, (long.replace("-", "–"), long.replace("-", "‑"), long))


def quote_marks(sentence: str) -> tuple[str, ...]:
    """Straight quotes and apostrophes made curly, and curly ones straight."""
    straight = sentence.translate(str.maketrans("‘’“”", "''\"\""))
    opening = re.sub(r"(?<!\w)'(?=\w)", "‘", re.sub(r'(?<!\w)"(?=\w)', "“", straight))
    return _other_than(sentence, (straight, opening.replace("'", "’").replace('"', "”")))


def list_markers(sentence: str) -> tuple[str, ...]:
    """The sentence as an item of a list, with four markers. Not if it begins with one."""
    if LIST_MARKER.match(sentence) or not sentence.strip():
        return ()
    return tuple(f"{marker} {sentence.lstrip()}" for marker in ("-", "•", "1.", "(a)"))


def thousands(sentence: str) -> tuple[str, ...]:
    """The comma of thousands taken out or made a hard space; put in where there is none.

    Four digits from 1900 to 2099 are a year and stay.
    """
    without = re.sub(r"(?<=\d),(?=\d{3}\b)", "", sentence)
    spaced = re.sub(r"(?<=\d),(?=\d{3}\b)", "\u00a0", sentence)
    put_in = re.sub(
        r"(?<![\w.,\u00a0\u2009\u202f-])(?!(?:19|20)\d\d\b)\d{4,}(?![\w-]|[.,]\d)",
        lambda found: f"{int(found[0]):,}" if found[0][0] != "0" else found[0],
        sentence,
    )
    return _other_than(sentence, (without, spaced, put_in))


def _other_than(sentence: str, edits: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(edit for edit in edits if edit != sentence))


OPERATORS: dict[str, Operator] = {
    "number": changed_number,
    "unit": changed_unit,
    "negation put in": negation_put_in,
    "negation taken out": negation_taken_out,
    "modality": swapped_modality,
    "population": swapped_population,
    "comparator": swapped_comparator,
}
MERGE = "merged halves"  # takes two sentences, so `score` makes it of neighbours
HARMLESS: dict[str, Operator] = {
    "white space": white_space,
    "capitals": capitals,
    "dashes": dashes,
    "quotes": quote_marks,
    "list markers": list_markers,
    "thousands": thousands,
}
