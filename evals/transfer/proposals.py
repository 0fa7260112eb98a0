"""Proposals of cases: what another tool or a reader gave, and what a person has to add to it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import sentencex
import yaml

from evals.cases import DatasetError

Proposal = dict[str, Any]
TO_DO = "to do: "  # begins the fields that a person takes out of a proposal, one by one
PERSONAL = f"{TO_DO}take out the name, e-mail address or phone number that it seems to hold"
ANSWERABLE = f"{TO_DO}say if it has an answer; add nuggets and gold, or a class; fill labelled_by"
_FACTS = f"{TO_DO}word each fact, with importance, match and evidence"
_GOLD = f"{TO_DO}give gold its documents, exact quotes and grades; fill labelled_by"
COMMENT = f"{TO_DO}weigh this comment of the reader"
LEFT_OUT = f"{TO_DO}see to the assertions that are not carried over"
OPEN = "open"

_HEADER = """\
# {n} proposals, to be completed by a person. evals/README.md explains the fields.
# Do what each line that begins with "to do" says, and take the line out: before that, this file
# cannot be read as a dataset. In a match fill all_of, any_of or numbers. Under labelled_by say how
# the label was made.
# Questions that look as if they hold a name, an e-mail address or a phone number: {personal}.
# That is a guess: read all of them.

"""

_SIGNS = re.compile(
    r"\S@\S+\.\w"
    r"|(?:\d[ ()./-]*){9,}"  # digits of a phone number
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b\.? \w"
)
_OWN_NAME = re.compile(r"\b(?:my name is|i am|i['’]m) (\S+)", re.IGNORECASE)


def make_proposal(
    kind: str,
    source: str,
    question: str,
    *,
    given: str | None = None,
    history: Sequence[str] = (),
    nuggets: Sequence[Proposal] = (),
    must_not_say: Sequence[str] = (),
    gold: Sequence[Proposal] = (),
    to_do: Mapping[str, str] | None = None,
) -> Proposal:
    """A proposal out of `source`, a place in a file of that kind, such as "ragas".

    It keeps the id that it was given, if that can be one of a case. `to_do` maps fields that begin
    with `TO_DO` to what they are about; what a proposal of any kind lacks is added.
    """
    to_do = dict(to_do or {})
    known = ANSWERABLE not in to_do and bool(nuggets or gold)
    to_do |= {_FACTS: OPEN, _GOLD: OPEN} if known else {ANSWERABLE: OPEN}
    digest = hashlib.sha256(repr((question, *history)).encode("ascii", "backslashreplace"))
    fit = given is not None and re.fullmatch(r"[a-z0-9][a-z0-9-]*", given)
    return to_do | {
        "id": given if fit else f"{kind}-{digest.hexdigest()[:10]}",
        "question": question,
        "history": list(history),
        "answerable": True if known else None,
        "nuggets": list(nuggets) or [make_fact(1, "")] if known else [],
        "must_not_say": list(must_not_say),
        "gold": list(gold),
        "split": "dev",
        "source": f"{kind}: {source}",
        "labelled_by": "not yet",
    }


def from_reference(
    kind: str,
    source: str,
    question: str,
    reference: str | None,
    contexts: Sequence[str],
    *,
    given: str | None = None,
    history: Sequence[str] = (),
) -> Proposal:
    """A proposal with a nugget for each sentence of a reference, and a quote for each context."""
    nuggets = [make_fact(n, text) for n, text in enumerate(sentences(reference or ""), 1)]
    gold = [make_gold("", text) for text in contexts if text.strip()]
    return make_proposal(
        kind, source, question, given=given, history=history, nuggets=nuggets, gold=gold
    )


def sentences(text: str) -> list[str]:
    """The sentences of an English text, those without words left out."""
    return [one.strip() for one in sentencex.segment("en", text) if one.strip()]


def no_match() -> dict[str, list[str]]:
    """The match of a nugget, to be filled."""
    return {"all_of": [], "any_of": [], "numbers": [], "forbid": []}


def make_fact(number: int, text: str) -> Proposal:
    """The nugget of that number, from 1, without match and evidence."""
    return {
        "id": f"fact-{number}",
        "text": text,
        "importance": "vital",
        "match": no_match(),
        "evidence": [],
    }


def make_gold(document_id: str, quote: str, grade: int = 3) -> Proposal:
    """A piece of gold, with a grade from 1 to 3. What is not known is empty."""
    return {"document_id": document_id, "quote": quote, "grade": grade}


def count_personal(proposals: Sequence[Proposal]) -> int:
    """How many of the proposals look as if they hold personal data."""
    return sum(PERSONAL in proposal for proposal in proposals)


def looks_personal(text: str) -> bool:
    """Whether a text seems to hold an e-mail address, a phone number or a name.

    A name is a title or "I am" before a capital, or two capitalised words, no more, within a
    sentence. A guess: it misses lone first names and takes some names of things for people.
    """
    if _SIGNS.search(text) or any(_capitalised(own[1]) for own in _OWN_NAME.finditer(text)):
        return True
    words = text.split()
    for capitalised, run in groupby(range(len(words)), lambda at: _capitalised(words[at])):
        first, *others = run
        whole = first and words[first - 1][-1] not in ".!?:" and words[first][-1].isalpha()
        if capitalised and len(others) == 1 and whole:
            return True
    return False


def _capitalised(word: str) -> bool:
    bare = word.lstrip("(\"'“‘")
    return bare[:1].isupper() and bare[1:2].islower()


def write_proposals(path: Path, proposals: Sequence[Proposal]) -> None:
    """Write proposals as YAML, with what is to be done at its head.

    Raises DatasetError if the file is there already: somebody may have worked on it.
    """
    head = _HEADER.format(n=len(proposals), personal=count_personal(proposals))
    body = as_yaml(list(proposals))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(head + body)
    except OSError as error:
        raise DatasetError(f"{path} cannot be written: {error}.", "Name a new file.") from error


class _Dumper(yaml.SafeDumper):
    """Writes line breaks that YAML would turn into others as escapes."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if re.search("[\x85\u2028\u2029]", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def as_yaml(content: object) -> str:
    """Content as YAML that reads back the same, in the order that it has."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
