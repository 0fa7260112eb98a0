"""Feedback as proposed cases of the evaluation, without names, for a person to complete."""

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from assistant.errors import UsageError
from assistant.records import Record
from assistant.store.records import Feedback

_TAGS = {"wrong_evidence": "wrong-evidence", "missing_guidance": "missing-guidance"}
_WIDTH = 98  # columns of the file
_WRAPPED = textwrap.TextWrapper(
    _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_long_words=False
)
_HEADER = """\
# {cases} proposed cases from the feedback of readers. Nobody has reviewed them.
# Read each before use. Links, e-mail addresses, numbers of nine digits or more, and names after a
# title, "I am" or "my name is" were replaced. Other names (of people, schools or places), shorter
# numbers, and whatever else tells who asked were not: take them out. Citations are as they were.
# "no_document" is a placeholder in every case. Look for what answers the question; give nuggets
# and gold, or choose the class. Then fill labelled_by, and take out the tag "proposed" and the
# notes; evals/README.md explains how. Lint it beside other datasets: it has one kind of question.
"""

_GAP = r"[^\S\n]"  # white space of a line
_CAPITAL = r"(?![a-zß-öø-ÿ\d_])\w"  # or a letter of a script without capitals
_REST = r"(?:(?!['’]s\b)[\w'’-])*"  # of a word, without the 's of "Smith's"
_PART = rf"(?:{_CAPITAL}\.|{_CAPITAL}{_REST})"
_SMALL = rf"(?:(?:van|von|der|den|de|da|di|du|la|le|al|bin|ten|ter){_GAP}+){{0,2}}"
_MORE = rf"(?:{_GAP}*{_SMALL}{_PART}){{0,2}}"
_TITLE = r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev)\b\.?"
_COUPLE = rf"{_TITLE}(?:{_GAP}+(?:and|&){_GAP}+{_TITLE})?"
_PERSONAL = tuple(
    (re.compile(pattern), placeholder)
    for pattern, placeholder in (
        (r"[^\s@<>()\[\],;:\"“”]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*", "[e-mail]"),
        (r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:)\S*[^\s.,;:!?)\]”\"']", "[link]"),
        (r"(?i)\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/(?:\S*[^\s.,;:!?)\]”\"'])?", "[link]"),
        (rf"(?<!\w)\+?\(?\d(?:{_GAP}{{0,2}}[().\-–/]{{0,2}}{_GAP}{{0,2}}\d){{8,}}", "[phone]"),
        (rf"\b{_COUPLE}{_GAP}*{_SMALL}{_PART}{_MORE}", "[name]"),
        (rf"\b(?i:mrs?|dr)\b\.?{_GAP}+[^\W\d_]{_REST}{_MORE}", "[name]"),
        (rf"\b(?i:(my name(?: is|['’]s))){_GAP}+[^\W\d_]{_REST}{_MORE}", r"\1 [name]"),
        (rf"\b(?i:(I am|I['’]m)){_GAP}+(?=\w[^\W\dA-Z_]){_PART}{_MORE}", r"\1 [name]"),
    )
)


class ExportRefused(UsageError):
    """The file of an export is there already, or cannot be written."""


@dataclass(frozen=True)
class Proposals:
    """A dataset in YAML with so many cases, "" if there are none. `left_out` counts feedback on
    replies that answer no question, such as session plans."""

    text: str
    cases: int
    left_out: int


class _Cited(Record, extra="ignore"):
    document_id: str
    section: str
    start: int
    end: int
    quote: str
    document_sha256: str


class _Decline(Record, extra="ignore"):
    reason: str
    nearest: tuple[_Cited, ...]


class _Said(Record, extra="ignore"):
    """What is carried over of an answer, whichever version of the product gave it."""

    resolved_question: str
    outcome: Literal["answered", "declined"]
    citations: tuple[_Cited, ...]
    decline: _Decline | None


def propose(feedback: Sequence[Feedback]) -> Proposals:
    """A case for each question with wrong evidence or missing guidance, in the order in which they
    come; what readers said of the same question stands together. Other verdicts propose nothing.

    A case has a stable id and the tag "proposed". What was said of the reply stands in notes
    before it. Only the sources that were cited are given as they were: see `without_names`.
    """
    left_out = 0
    groups: dict[str, list[tuple[Feedback, _Said]]] = {}
    for one in feedback:
        if one.verdict in _TAGS:
            said, question = _said_of(one), _plain(one.asked)
            if said is None or not question:
                left_out += 1
            else:
                groups.setdefault(_key(question), []).append((one, said))
    cases = [_case_of(key, group) for key, group in groups.items()]
    text = "\n".join((_HEADER.format(cases=len(cases)), *cases)) if cases else ""
    return Proposals(text, len(cases), left_out)


def without_names(text: str) -> str:
    """A text in which placeholders stand for e-mail addresses, links, numbers of nine digits or
    more, and names that follow a title, "I am" or "my name is".

    Not caught: all other names (of people, schools, places, accounts), names in small letters but
    after Mr, Mrs, Dr or "my name is", shorter numbers, addresses of websites without www or path,
    and what describes somebody. Some harmless words are taken for names.
    """
    for pattern, placeholder in _PERSONAL:
        text = pattern.sub(placeholder, text)
    return text


def write_new(path: Path, text: str) -> None:
    """Write a file that only its owner may read. Raises ExportRefused if it is there already or
    cannot be written; nothing of it is left then."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        try:
            path.write_text(text, "utf-8", newline="\n")
        except BaseException:
            path.unlink()
            raise
    except FileExistsError as error:
        raise ExportRefused(f"{path} is there already.", "Name a new file.") from error
    except OSError as error:
        raise ExportRefused(f"{path} cannot be written: {error}.", "Name another file.") from error


def _said_of(one: Feedback) -> _Said | None:
    """The answer; None for a plan, or whatever else is no answer."""
    try:
        return _Said.model_validate_json(one.said or "")
    except ValidationError:
        return None


def _plain(text: str) -> str:
    return _line(without_names(text))


def _line(text: str) -> str:
    """A text on one line that YAML takes as it is, even in a comment."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable()).strip()


def _key(question: str) -> str:
    """What a question has in common with itself, typed otherwise."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", question).casefold())
    return " ".join(words) or question


def _case_of(key: str, group: Sequence[tuple[Feedback, _Said]]) -> str:
    """A case in YAML with the notes before it."""
    first, _ = group[0]
    tags = dict.fromkeys(_TAGS[one.verdict] for one, _ in group)
    case = {
        "id": f"feedback-{hashlib.sha256(key.encode()).hexdigest()[:12]}",
        "question": _plain(first.asked),
        "answerable": False,
        "unanswerable_class": "no_document",
        "tags": ["proposed", *tags],
        "split": "dev",
        "source": f"feedback of {first.created:%Y-%m-%d}",
        "labelled_by": "nobody yet, the class is a placeholder",
    }
    notes = [_WRAPPED.fill(_line(note)) for said in group for note in _notes_of(*said)]
    written = yaml.safe_dump([case], sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "\n".join((*notes, written))


def _notes_of(one: Feedback, said: _Said) -> Iterator[str]:
    """What the reader was told and says of it, a line each."""
    declined = f" ({said.decline.reason})" if said.decline else ""
    yield f"{_TAGS[one.verdict]}, {one.created:%Y-%m-%d}: {said.outcome}{declined}"
    if _key(said.resolved_question) != _key(one.asked):
        yield f"understood as: {without_names(said.resolved_question)}"
    for cited in said.decline.nearest if said.decline else said.citations:
        yield (
            f"{'nearest' if said.decline else 'cited'}: {cited.document_id}, {cited.section}, "
            f"characters {cited.start} to {cited.end} of {cited.document_sha256[:12]}: "
            f"“{cited.quote}”"
        )
    if one.comment:
        yield f"the reader: {without_names(one.comment)}"
