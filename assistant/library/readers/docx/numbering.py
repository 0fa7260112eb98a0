"""The markers of list items, counted as Word counts them."""

from docx.oxml.ns import nsmap, qn

from assistant.library.readers.docx.markup import Element, integer, value
from assistant.library.readers.letters import LETTERS, ROMAN, capitals

_LETTERS = {
    "lowerLetter": LETTERS,
    "upperLetter": capitals(LETTERS),
    "lowerRoman": ROMAN,
    "upperRoman": capitals(ROMAN),
}


class Numbering:
    """The lists of a document, and how far each is counted."""

    def __init__(self, root: Element) -> None:
        kinds = root.findall(qn("w:abstractNum"))
        self._lists = {one.get(qn("w:numId")): one for one in root.findall(qn("w:num"))}
        self._kinds = {one.get(qn("w:abstractNumId")): one for one in kinds}
        # A list style: the kind that points to it is empty, and another one spells it out.
        self._styles = {link: one for one in kinds if (link := value(one, "w:styleLink"))}
        self._counts: dict[str, dict[int, int]] = {}
        self._met: set[str] = set()

    def marker(self, number: str, level: int) -> str:
        """The marker of the next item: "-", "3.", "c." or "iii.", "" for what is no list."""
        found = self._lists.get(number)
        kind_id = value(found, "w:abstractNumId") or ""
        kind = self._kinds.get(kind_id)
        if found is None or kind is None:
            return ""
        kind = self._styles.get(value(kind, "w:numStyleLink") or "", kind)
        levels = _levels(kind, "w:lvl") | _levels(found, "w:lvlOverride/w:lvl")
        form = value(levels.get(level), "w:numFmt") or "decimal"
        if form == "none":
            return ""
        counts = self._counts.setdefault(kind_id, {})
        if number not in self._met:
            self._met.add(number)
            counts.update(_restarts(found))
        first = integer(value(levels.get(level), "w:start"), 1)
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return "-" if form == "bullet" else f"{_counted(counts[level], form)}."


def _levels(parent: Element, path: str) -> dict[int, Element]:
    return {integer(one.get(qn("w:ilvl"))): one for one in parent.findall(path, nsmap)}


def _restarts(found: Element) -> dict[int, int]:
    """What the levels that a list counts anew stand at before its first item."""
    begun = {
        level: value(one, "w:startOverride")
        for level, one in _levels(found, "w:lvlOverride").items()
    }
    return {level: integer(start, 1) - 1 for level, start in begun.items() if start is not None}


def _counted(number: int, form: str) -> str:
    """The number in letters where its list has them, and as long as they last."""
    letters = _LETTERS.get(form, [])
    return letters[number] if 0 < number < len(letters) else str(number)
