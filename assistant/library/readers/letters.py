"""Letters and Roman numerals as the markers of list items, each at the place that it counts."""

from string import ascii_lowercase

_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
LETTERS = ["", *ascii_lowercase]
ROMAN = [tens + ones for tens in ("", "x", "xx", "xxx") for ones in _ONES]


def capitals(markers: list[str]) -> list[str]:
    """The same in capital letters."""
    return [marker.upper() for marker in markers]
