"""What a database takes as text and as an id."""

import re

_LONGEST = 36  # characters of an id
_UNFIT = re.compile("[\0\ud800-\udfff]")


def can_be_id(one: str) -> bool:
    """Whether it can be an id."""
    return len(one) <= _LONGEST and not _UNFIT.search(one)


def cleaned(text: str) -> str:
    """A text with a mark in place of each character that no database takes."""
    return _UNFIT.sub("\ufffd", text)
