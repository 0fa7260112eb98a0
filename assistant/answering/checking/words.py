"""A text as its words: spelt out, without punctuation, each with whether a denial reaches it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.checking import lexicon

_WORD = re.compile(
    r"(?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?)(?P<suffix>%|st|nd|rd|th|km|mg|kg|ml|m|bn)?(?!\w)"
    r"|[£$€%]|[A-Za-z]+\d[\w-]*|\w+(?:['’]\w+)*|(?P<end>[.;:!?,()–—-])"
)
_SPELT_OUT = (
    (re.compile(r"\bper ?cent(?:age)? points?\b", re.I), "percentage-point"),
    (re.compile(r"\bper ?cents?\b", re.I), "percent"),
    (re.compile(r"\bstandard deviations?\b", re.I), "standard-deviation"),
    (re.compile(r"\bhalf[ -]terms?\b", re.I), "half-term"),
    (re.compile(r"\b(has|have|had) to\b(?! do with)", re.I), r"\1_to"),
    (re.compile(r"\bneeds? to\b", re.I), "need_to"),
    (re.compile(r"\bcan not\b", re.I), "cannot"),
    (re.compile(r"\bwon['’]t\b", re.I), "will n't"),
    (re.compile(r"\bcan['’]t\b", re.I), "cannot"),
    (re.compile(r"(\w)n['’]t\b", re.I), r"\1 n't"),
)
_KEPT_WHOLE = re.compile(
    r"percentage-point|standard-deviation|half-term|(?:has|have|had|need)_to|n't|top-down"
    r"|bottom-up",
    re.I,
)
_PIECE = re.compile(rf"{_KEPT_WHOLE.pattern}|{_WORD.pattern}", re.IGNORECASE)
_NO_NEGATION = re.compile(rf"\b(?:{'|'.join(lexicon.NO_NEGATION)})\b", re.IGNORECASE)
_TO_SPELL_OUT = re.compile(
    r"per ?cent|deviation|half|\b(?:has|have|had|needs?) to\b|can not|n['’]t\b", re.IGNORECASE
)
_SCOPE = 4  # words of content that a denial reaches
_BREAKS = frozenset(".;:!?()–—,")
SMALL = frozenset(
    "a about after again all also am an and any are as at be because been before being between both"
    " but by can could did do does doing done for from get gets getting go goes going got had has"
    " have having he her here him his how i if in into is it its just like many me more most much"
    " my no not now of off on one only or other others our over own really same say says see she"
    " should so some such than that the their them then there these they thing things this those"
    " through to too under us use used uses using very was we were what when where which while who"
    " whom whose why will with within without would you your may might must cannot n't up out"
    " has_to have_to had_to need_to each every per via still yet even rather instead whether either"
    " neither nor once until unless since though although however therefore thus well make makes"
    " made"
    " take takes taken give gives given need needs put let every another any always never often"
    " sometimes usually".split()
)
"""Words that carry no content."""
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_MARKER = re.compile(r"^(?:[-*•–+]|\(?(?:\d{1,2}|[a-z])[.)])\s+")


@dataclass(frozen=True)
class Word:
    """A word as written and in small letters. `first`: it opens a sentence. `denies`: it is a "not"
    or the like. `denied`: one reaches it; `denied_first`: before any other word of content."""

    written: str
    lower: str
    first: bool
    denies: bool
    denied: bool
    denied_first: bool


def plain(text: str) -> str:
    """NFKC, straight quotes, hyphens for dashes within words, white space folded, no list marker
    and no bold marks before or in it."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = text.translate(_STRAIGHT)
    text = re.sub(r"(?<=\w)[‐‑‒−](?=\w)", "-", text).replace("**", "")
    text = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}\b)", ",", text)
    return " ".join(_MARKER.sub("", text.strip()).split())


def read_words(text: str) -> Iterator[Word]:
    """All words, in order, without punctuation."""
    if _TO_SPELL_OUT.search(text):
        for pattern, put in _SPELT_OUT:
            text = pattern.sub(put, text)
    harmless = {at for match in _NO_NEGATION.finditer(text) for at in range(*match.span())}
    reach, first = 0, True
    for written, at in _pieces(text):
        if written in _BREAKS:
            reach = 0
            first = first or written in ".!?:"
            continue
        if written == "-":
            continue
        lower = written.lower()
        small = lower in SMALL
        denies = lower in lexicon.NEGATORS and at not in harmless
        denied = reach > 0 and not small
        yield Word(written, lower, first, denies, denied, denied and reach == _SCOPE)
        if denies:
            reach = _SCOPE
        elif reach and not small:
            reach -= 1
        elif lower in ("but", "and", "because", "so"):
            reach = 0
        first = False


def _pieces(text: str) -> list[tuple[str, int]]:
    """Words, numbers with their signs apart, and breaks, each with its place."""
    found: list[tuple[str, int]] = []
    for match in _PIECE.finditer(text):
        if match["number"]:
            suffix = match["suffix"] or ""
            if suffix in ("st", "nd", "rd", "th"):
                found.append((match[0], match.start()))
            else:
                found.append((match["number"].rstrip(","), match.start()))
                if suffix:
                    found.append((suffix, match.end() - len(suffix)))
        else:
            found.append((match[0], match.start()))
    return found
