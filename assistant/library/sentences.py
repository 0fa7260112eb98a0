"""Sentence boundaries: sentencex's, mended where guidance documents defeat it."""

import itertools
import re

import sentencex

# "…absent or contested).1 The NHS": a reference number glued to the full stop.
_GLUED_NUMBER = re.compile(
    r"(?:(?<=[a-z)”’\"'][.?!])|(?<=[a-z][.?!][”’\"')]))\d{1,9}(?=\s+[“\"'(]?[A-Z])"
)
# A boundary after one of these is none, or none where a number follows.
_GOES_ON = re.compile(r"\b(?:e\.g|i\.e|cf|approx|vs)\.\s*$", re.IGNORECASE)
_NUMBER_FOLLOWS = re.compile(r"\b(?:nos?|figs?|vol|pp?|ca)\.\s*$", re.IGNORECASE)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of one paragraph as offsets, in order, without the space around them."""
    cuts = {0, len(text)}
    for piece in sentencex.get_sentence_boundaries("en", text):
        cuts.add(piece["end_index"])
    cuts |= {match.end() for match in _GLUED_NUMBER.finditer(text)}
    cuts = {cut for cut in cuts if not _continues(text, cut)}
    ordered = sorted(cuts)
    spans = []
    for start, end in itertools.pairwise(ordered):
        piece_text = text[start:end]
        if stripped := piece_text.strip():
            start += len(piece_text) - len(piece_text.lstrip())
            spans.append((start, start + len(stripped)))
    return spans


def _continues(text: str, cut: int) -> bool:
    """Whether the text goes on after an abbreviation, so that the cut is no sentence end."""
    if cut in (0, len(text)):
        return False
    before, after = text[max(0, cut - 12) : cut], text[cut:].lstrip()
    return bool(_GOES_ON.search(before) or (_NUMBER_FOLLOWS.search(before) and after[:1].isdigit()))
