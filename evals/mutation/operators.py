"""Changes of a sentence that change its meaning, and changes that do not.

A judge of support must notice the first and pass over the second. Mutants need not be good
English, but each says something else than its sentence. All functions are pure.
"""

import re
from collections.abc import Callable, Iterable
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
