"""The check of a sentence against a ground.

Enough of the sentence's words, weighted by how rare they are, must have a like in the ground, or
all of it must come near in meaning. Then the guards: one that fails is never outvoted.
"""

import re
from collections.abc import Callable, Sequence

from assistant.answering.checking.coverage import Weights, coverage_of, word_for_word
from assistant.answering.checking.doubts import doubts_of
from assistant.answering.checking.grounds import Ground, Likeness, Reading
from assistant.answering.checking.verdicts import Verdict
from assistant.answering.checking.wording import Stems, Wording

Closeness = Callable[[str, Sequence[str]], Sequence[float]]
"""A text and others to the cosine of its meaning with each."""

# What is said of a text, and of nothing that it speaks of.
_OF_THE_TEXT = re.compile(
    r"^(?:this|the|that['’]s) (?:given |above |provided |a (?:great |good )?)?"
    r"(?:text|passage|summary|excerpt|paragraph)\b",
    re.IGNORECASE,
)
# Set on the dev claims of evals/datasets/support.
# From so much of the sentence's words covered, or from such a cosine with a sentence of the
# passage, the two speak of the same.
_COVERED, _CLOSE = 0.42, 0.58
_SHORT, _SHORT_NEEDS = 7, 0.06  # words of content, and for each one fewer, so much more
_FEWEST = 2  # words of content; fewer say nothing that could be checked
# Where one half of the sentence is said and the other is not, it joins two things.
_HALF_COVERED, _GAP = 0.35, 0.12


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
        self._read: dict[Ground, Reading] = {}

    def check(self, sentence: str, ground: Ground) -> Verdict:
        """Whether the ground says the sentence."""
        if not ground.sentences:
            return Verdict("unsupported", 0, 0, 0.0, "words")
        read = self._read.get(ground)
        if read is None:
            read = self._read[ground] = Reading(ground, self._stems, self._likeness)
        if said := word_for_word(sentence, read):
            return Verdict("verbatim", *said, 1.0)
        claim = Wording(sentence, self._stems)
        if _OF_THE_TEXT.search(claim.text):
            return Verdict("unsupported", 0, 0, 0.0, "words")
        covered = coverage_of(claim, read, self._weights, self._likeness)
        first, last, coverage = covered.first, covered.last, covered.share
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
        if not doubts and covered.weaker < _HALF_COVERED <= coverage - _GAP:
            doubts = [("words", "")]
        if not doubts:
            return Verdict("supported", first, last, coverage)
        return Verdict("unsupported", first, last, coverage, *doubts[0])
