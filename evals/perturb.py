"""Rewrites of a question that must not change its answer. Pure, and equal for equal arguments.

Each gives None where it does not apply.
"""

import re
from functools import cache
from random import Random

from assistant.from_yaml import from_yaml
from assistant.resources import shipped_corpus

_LONG = 6  # letters: a slip in a shorter word is often another word
_WORD = re.compile(rf"(?<![\w'’-])[^\W\d_]{{{_LONG},}}(?![\w'’-])")


def mistyped(question: str, seed: int) -> str | None:
    """The question with a slip of the keys in one or two of its long words, as `seed` has it.

    Two neighbouring letters change places or a letter is left out, never the first letter of a
    word. Numbers, acronyms, hyphenated words and words of less than six letters stay.
    """
    words = [found for found in _WORD.finditer(question) if not re.search("[A-Z]", found[0][1:])]
    if not words:
        return None
    random = Random(f"{seed} {question}")
    chosen = random.sample(words, min(len(words), random.choice((1, 2))))
    for found in sorted(chosen, key=lambda word: -word.start()):
        slip = _slip(found[0], random)
        question = question[: found.start()] + slip + question[found.end() :]
    return question


def _slip(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    if word[at] != word[at + 1] and random.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


def acronym(question: str) -> str | None:
    """The question with its acronyms written out; if it has none, with acronyms for names.

    Those of the library's glossary whose letters begin the words of just one of their meanings.
    None, too, for a question that has an acronym beside its meaning.
    """
    names = expansions()
    written = _pattern(names, 0).sub(lambda found: names[found[1]] + found[2], question)
    if written == question:
        shorter = {meaning.casefold(): name for name, meaning in names.items()}
        written = _pattern(shorter, re.IGNORECASE).sub(
            lambda found: shorter[found[1].casefold()] + found[2], question
        )
        return None if written == question else written
    plain = question.casefold()
    both = any(
        names[found[1]].casefold() in plain for found in _pattern(names, 0).finditer(question)
    )
    return None if both else written


def _pattern(words: dict[str, str], flags: int) -> re.Pattern[str]:
    """Any of the words, the longest first, with the "s" of more than one."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(s?)(?![\w-])", flags)


@cache
def expansions() -> dict[str, str]:
    """Acronyms of the shipped glossary, each with what it stands for.

    The glossary also gives plain words for an acronym. What it stands for is the one meaning
    whose words begin with the acronym's capitals, in order, from the first to the last word.
    An acronym with two such meanings, or none, is left out, and so is one that stands for a list
    ("reach, effectiveness, ..."), which does not read as a name in a question.
    """
    glossary = from_yaml((shipped_corpus() / "glossary.yaml").read_text("utf-8"))
    found = {}
    for name, meanings in glossary["acronyms"].items():
        fitting = [meaning for meaning in meanings if _stands_for(name, meaning)]
        if len(fitting) == 1:
            found[name] = fitting[0]
    return found


def _stands_for(name: str, meaning: str) -> bool:
    letters = [char.lower() for char in name if char.isupper()]
    initials = [word[0].lower() for word in re.findall(r"[^\W\d_]+", meaning)]
    if "," in meaning or not letters or (letters[0], letters[-1]) != (initials[0], initials[-1]):
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)


def shouted(question: str) -> str | None:
    """The question in capitals."""
    written = question.upper()
    return None if written == question else written


def small_letters(question: str) -> str | None:
    """The question in small letters, acronyms and names too."""
    written = question.lower()
    return None if written == question else written


def without_question_mark(question: str) -> str | None:
    """The question without the question marks at its end."""
    written = question.rstrip().rstrip("?").rstrip()
    return written if question.rstrip().endswith("?") and written else None
