"""Mistyped words of the field, and the spellings of the other side of the Atlantic."""

import re
from collections.abc import Set

from assistant.index.reader import View
from assistant.index.stems import Stemmer

_SHORTEST = 7  # letters: shorter words have too many neighbours
# Words of questions rather than of the field, as often mistyped.
_ASKING = frozenset("between compare compared difference differences different example".split())
_WORD = re.compile(r"(?<![\w'’/-])[A-Za-z]?[a-z]+(?![\w'’/])")  # acronyms are left alone
# British to American, by the endings of words; each also the other way round.
_ENDINGS = tuple(
    (re.compile(british + r"$"), re.compile(american + r"$"), british, american)
    for british, american in (
        ("isation", "ization"), ("isations", "izations"), ("ise", "ize"), ("ised", "ized"),
        ("ises", "izes"), ("ising", "izing"), ("our", "or"), ("ours", "ors"), ("oural", "oral"),
        ("ogramme", "ogram"), ("ogrammes", "ograms"), ("entre", "enter"), ("entres", "enters"),
        ("elling", "eling"), ("elled", "eled"), ("aediatric", "ediatric"),
        ("entred", "entered"), ("lyse", "lyze"), ("lysed", "lyzed"), ("efence", "efense"),
        ("isational", "izational"), ("ysing", "yzing"), ("yses", "yzes"), ("ourable", "orable"),
        ("ellor", "elor"), ("dgement", "dgment"), ("sceptic", "skeptic"), ("sceptics", "skeptics"),
    )
)  # fmt: skip


def other_spelling(word: str) -> str | None:
    """The word as it is spelled on the other side of the Atlantic, if its ending differs there.

    What comes out need not be a word: ask the index.
    """
    for is_british, is_american, british, american in _ENDINGS:
        if is_british.search(word):
            return is_british.sub(american, word)
        if is_american.search(word):
            return is_american.sub(british, word)
    return None


def respelled(
    view: View, stemmer: Stemmer, field: Set[str], text: str
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with mistyped words of the field put right, and what was changed.

    A word is mistyped if the index lacks it in either spelling, and one letter too many, too few,
    wrong or out of place parts it from just one word of the field: "fidelety", "implmentation".
    """
    words = [word for word in dict.fromkeys(_WORD.findall(text)) if len(word) >= _SHORTEST]
    stems = dict(zip(words, stemmer.stems([word.lower() for word in words]), strict=True))
    known = view.document_frequency(list(stems.values()))
    changed = []
    for word in words:
        spellings = {word.lower(), other_spelling(word.lower())}
        is_name = word[0].isupper() and not text.startswith(word)
        if known[stems[word]] or is_name or spellings & field:
            continue
        near = [one for one in sorted(field | _ASKING) if _one_slip(word.lower(), one)]
        if len(near) == 1:
            changed.append((word, near[0]))
            text = re.sub(rf"(?<![\w'’/-]){word}(?![\w'’/])", near[0], text)
    return text, tuple(changed)


def _one_slip(typed: str, word: str) -> bool:
    """Whether one letter inserted, left out, replaced or swapped with the next parts the two."""
    if typed[0] != word[0] or abs(len(typed) - len(word)) > 1 or typed == word:
        return False
    n = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if n is None:
        return False  # one is the other with a letter more: "governor"
    swapped = typed[n : n + 2] == word[n : n + 2][::-1] and typed[n + 2 :] == word[n + 2 :]
    return (
        swapped
        or typed[n + 1 :] == word[n + 1 :]
        or typed[n + 1 :] == word[n:]
        or typed[n:] == word[n + 1 :]
    )
