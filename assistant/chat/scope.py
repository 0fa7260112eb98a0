"""What questions are answered from: everything, the team's own documents, the library, or one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.chat.strings import ScopeStrings

EVERYTHING = "everything"


@dataclass(frozen=True)
class Choice:
    """One thing to answer from: what the page calls it, what a reader sees, and the ids of the
    documents, which are none if it is everything."""

    value: str
    label: str
    documents: tuple[str, ...] = ()


def choices(
    own: Mapping[str, str], library: Mapping[str, str], strings: ScopeStrings
) -> tuple[Choice, ...]:
    """All there is to choose from, everything first; nothing if there are no own documents.

    Both mappings go from ids to titles. Titles that are the same are told apart by their ids.
    """
    if not own or len(own) + len(library) < 2:
        return ()
    groups = [Choice(EVERYTHING, strings.everything)]
    if library:
        groups += [
            Choice("own", strings.own, tuple(own)),
            Choice("library", strings.library, tuple(library)),
        ]
    times = Counter(own.values())
    return (
        *groups,
        *(
            Choice(f"document:{name}", title if times[title] == 1 else f"{title} ({name})", (name,))
            for name, title in own.items()
        ),
    )


@dataclass(frozen=True)
class Scope:
    """What a question is answered from: the value of a choice, the ids of its documents (none if
    it is everything), and the line that tells a reader (empty if nothing needs telling)."""

    value: str
    documents: tuple[str, ...]
    line: str


def scope_of(value: str, offered: Sequence[Choice], strings: ScopeStrings) -> Scope:
    """What the choice with that value stands for; everything if it is not offered any more."""
    if value == EVERYTHING:
        return Scope(EVERYTHING, (), "")
    choice = next((choice for choice in offered if choice.value == value), None)
    if choice is None:
        return Scope(EVERYTHING, (), strings.gone)
    return Scope(value, choice.documents, f"{strings.answered_from} {choice.label}")
