"""Text that every format can hold. Pure."""

import re
import unicodedata

_NEWLINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What XML forbids, and what Unicode keeps from being exchanged: controls, surrogates,
# noncharacters. U+FEFF is no character inside a text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    + "".join(chr(0x10000 * plane + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_LONG = re.compile(r"[^\s/\-\u00ad\u200b]{25,}")  # no word of English is as long


def clean(text: str) -> str:
    """A text without what no file may hold: line ends as "\\n", tabs as blanks, no controls."""
    return _UNWANTED.sub("", _NEWLINES.sub("\n", text.replace("\t", " ")))


def on_one_line(text: str) -> str:
    """A clean text without line ends or runs of blanks."""
    return " ".join(clean(text).split())


def cut(text: str, length: int) -> str:
    """A text on one line of at most so many characters, cut at a word where it can be."""
    text = on_one_line(text)
    if len(text) <= length:
        return text
    head = text[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length // 2 else head).rstrip(" ,;:") + "…"


def breakable(text: str) -> str:
    """A text in which words too long for a column may break, at blanks without width."""
    if text.startswith(("http://", "https://")):
        return text  # broken at its own signs
    return _LONG.sub(lambda word: "\u200b".join(re.findall(r".{1,5}", word[0])), text)


def slug(text: str, length: int = 60) -> str:
    """A text as part of a file name: a-z, 0-9 and hyphens, at most `length`; may be empty."""
    plain = unicodedata.normalize("NFKD", clean(text)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    made = ""
    for word in words:
        if len(made) + len(word) + 1 > length:
            break
        made += f"-{word}" if made else word
    return made or (words[0][:length] if words else "")
