"""Which part of a page is read, and what in it is left out.

Nothing that holds most of the text is left out, and a main part with little of it is none: names
of elements are often wrong, and it is better to read too much than to lose the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from assistant.library.readers.html.boilerplate import is_boilerplate
from assistant.library.readers.html.elements import SILENT, Element, length

_SHARE = 0.25  # of the page's text; less is no main part, whatever its name


@dataclass(frozen=True)
class Plan:
    """What of a page is read: its main part, or all of it, but for what is left out."""

    main: Element | None
    left_out: frozenset[Element]
    in_code: bool
    """Whether most of the page is preformatted: then that is its text."""
    characters: int


class _Survey:
    """The elements that matter for the plan, with the text before their start and their end."""

    def __init__(self) -> None:
        self.seen = 0  # characters
        self.in_code = 0
        self.mains: list[Element] = []
        self.articles: list[Element] = []
        self.boilerplate: list[Element] = []
        self.spans: dict[Element, tuple[int, int]] = {}
        self._open_parts = 0  # a header within one of these is that of a section

    def start(self, one: Element) -> None:
        """Take up an element."""
        is_part = _is_part(one)
        if _is_main(one):
            self.mains.append(one)
        elif one.tag == "article":
            self.articles.append(one)
        left_out = is_boilerplate(one) or (one.tag == "header" and not self._open_parts)
        if left_out:
            self.boilerplate.append(one)
        if left_out or is_part or one.tag == "pre":
            self.spans[one] = (self.seen, self.seen)
        self._open_parts += is_part
        self.seen += length(one.text)

    def end(self, one: Element) -> None:
        """Leave an element, and take up the text that follows it."""
        if one in self.spans:
            self.spans[one] = (self.spans[one][0], self.seen)
        if one.tag == "pre":
            self.in_code += self.size(one)
        self._open_parts -= _is_part(one)
        self.seen += length(one.tail)

    def size(self, one: Element) -> int:
        """Characters of an element that has a span."""
        start, end = self.spans[one]
        return end - start


def planned(root: Element) -> Plan:
    """The plan for a page."""
    survey = _surveyed(root)
    left_out = [one for one in survey.boilerplate if 2 * survey.size(one) <= survey.seen]
    enough = _SHARE * (survey.seen - _covered([survey.spans[one] for one in left_out]))
    # One article among several is no main part.
    likely = survey.mains or survey.articles[: len(survey.articles) == 1]
    main = max((one for one in likely if survey.size(one) >= enough), key=survey.size, default=None)
    if main is not None and survey.size(main):
        around_main = {main, *main.iterancestors()}
        left_out = [one for one in left_out if one not in around_main]
    return Plan(main, frozenset(left_out), 2 * survey.in_code > survey.seen, survey.seen)


def _surveyed(root: Element) -> _Survey:
    survey = _Survey()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, one in walk:
        if event == "end":
            survey.end(one)
        elif one.tag in SILENT:
            walk.skip_subtree()
        else:
            survey.start(one)
    return survey


def _is_main(one: Element) -> bool:
    return "main" in (one.tag, one.get("role"))


def _is_part(one: Element) -> bool:
    return one.tag in ("article", "section") or _is_main(one)


def _covered(spans: Sequence[tuple[int, int]]) -> int:
    """Characters in spans that lie within or after one another, in their order."""
    covered = until = 0
    for start, end in spans:
        if start >= until:
            covered, until = covered + end - start, end
    return covered
