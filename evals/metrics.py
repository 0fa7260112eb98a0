"""What is measured of an answer. Definitions stand beside each function; pure and testable."""

import re
import unicodedata
from collections.abc import Sequence

from assistant.records import Answer, Passage
from evals.cases import Case, Match

WORDS_THAT_COUNT = 200
METRICS_VERSION = 3
FIRST = 5  # passages of a search that somebody looks at

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS.split())}
_WORD = re.compile(r"(?<!ty-)\b[a-z]+")  # the "five" of "twenty-five" is no 5
_SAME = str.maketrans(
    dict.fromkeys("‘’", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)


def normal(text: str) -> str:
    """The form in which texts are compared: case, quotes, dashes, thousands, number words."""
    text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}\b)", ",", text)
    text = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    text = " ".join(re.sub(r"[*_`\\]", "", text).split())
    text = _WORD.sub(lambda word: _NUMBER_WORDS.get(word[0], word[0]), text)
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)


def holds(text: str, match: Match) -> bool:
    """Whether a text satisfies a match. See `Match` for the rules."""
    plain = normal(text)
    numbers = set(re.findall(r"\d+(?:\.\d+)?", plain))
    return (
        all(_any_phrase(plain, phrase) for phrase in match.all_of)
        and (not match.any_of or any(_any_phrase(plain, phrase) for phrase in match.any_of))
        and all(normal(number) in numbers for number in match.numbers)
        and not any(_any_phrase(plain, phrase) for phrase in match.forbid)
    )


def _any_phrase(plain: str, phrase: str) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(normal(part))}", plain) is not None
        for part in phrase.split("|")
        if part.strip()
    )


def counted_text(case: Case, answer: Answer) -> str:
    """The part of the answer that counts: all of a list, else the first 200 words."""
    text = re.sub(r"(?<!\\)\[\d+\]", "", answer.text)
    tokens = re.split(r"[ \t\n]+", text.strip())  # not at hard spaces: "1\u00a0200" is one number
    return " ".join(tokens if case.asks_for_a_list else tokens[:WORDS_THAT_COUNT])


def nugget_recall(case: Case, answer: Answer, importance: str | None = "vital") -> float | None:
    """Share of the case's nuggets of that importance (None: of any) that the answer holds.

    0 for a declined answer; None, not applicable, where the case has no such nugget.
    """
    nuggets = [n for n in case.nuggets if importance in (None, n.importance)]
    if not nuggets:
        return None
    if answer.outcome == "declined":
        return 0.0
    text = counted_text(case, answer)
    return sum(holds(text, nugget.match) for nugget in nuggets) / len(nuggets)


def first_citation_right(case: Case, answer: Answer) -> bool | None:
    """Whether the first citation is from a document of the gold. None: nothing to judge."""
    if not case.answerable or not answer.citations:
        return None
    return answer.citations[0].document_id in {gold.document_id for gold in case.gold}


def gold_found(case: Case, passages: Sequence[Passage]) -> bool | None:
    """Whether a document that answers the question is among the first five passages.

    None, not applicable, for a question without an answer.
    """
    right = {gold.document_id for gold in case.gold if gold.grade == 3}
    if not right:
        return None
    return any(passage.document_id in right for passage in passages[:FIRST])


def evidence_found(case: Case, passages: Sequence[Passage]) -> float | None:
    """Share of the vital nuggets whose evidence stands whole in one of the first five passages.

    None where the case has no vital nugget.
    """
    vital = [nugget for nugget in case.nuggets if nugget.importance == "vital"]
    if not vital:
        return None
    texts = [(p.document_id, " ".join(p.text.split())) for p in passages[:FIRST]]
    held = [
        nugget
        for nugget in vital
        if any(
            one.document_id == name and " ".join(one.quote.split()) in text
            for one in nugget.evidence
            for name, text in texts
        )
    ]
    return len(held) / len(vital)


def two_sources(case: Case, answer: Answer) -> bool | None:
    """Whether an answer on which sources differ cites two documents at least.

    None, not applicable, unless the case is answerable and tagged `disagreement`.
    """
    if not case.answerable or "disagreement" not in case.tags:
        return None
    return len({citation.document_id for citation in answer.citations}) > 1


def blame(case: Case, answer: Answer, passages: Sequence[Passage]) -> str | None:
    """The stage of the pipeline at which a case failed; None if it did not.

    `deciding`: answered what it should have declined, or the reverse. `search`: no document of
    the gold among the first five passages. `passages`: the document is there, but not all the
    evidence. `composing`: the evidence was found and not quoted, or too late to count.
    """
    if not outcome_right(case, answer):
        return "deciding"
    if nugget_recall(case, answer) in (None, 1.0):
        return None
    if not gold_found(case, passages):
        return "search"
    return "passages" if evidence_found(case, passages) != 1.0 else "composing"


def outcome_right(case: Case, answer: Answer) -> bool:
    """Whether it answered what can be answered and declined what cannot."""
    return (answer.outcome == "answered") == case.answerable


def says_forbidden(case: Case, answer: Answer) -> list[str]:
    """What the answer says that it must not."""
    plain = normal(answer.text)
    return [phrase for phrase in case.must_not_say if _any_phrase(plain, phrase)]


def integrity_faults(answer: Answer, texts: dict[str, tuple[str, str]]) -> list[str]:
    """Citations whose quote is not the document's text at its offsets, and claims without one.

    `texts` maps document ids to (sha256, text).
    """
    nearest = answer.decline.nearest if answer.decline else ()
    faults = []
    for citation in (*answer.citations, *nearest):
        sha256, text = texts.get(citation.document_id, ("", ""))
        within = 0 <= citation.start < citation.end <= len(text)
        if not within or text[citation.start : citation.end] != citation.quote:
            faults.append(f"[{citation.number}] is not the text of {citation.document_id}")
        if sha256 != citation.document_sha256:
            faults.append(f"[{citation.number}] names another version of {citation.document_id}")
    for claim in answer.claims:
        quotes = [c.quote for c in answer.citations if c.number in claim.citations]
        if claim.support == "verbatim" and not any(claim.text in quote for quote in quotes):
            faults.append(f"not in its citation: {claim.text[:60]}")
    return faults


def mean(values: Sequence[float | None]) -> tuple[float | None, int]:
    """The mean of what is applicable, and how many that were."""
    known = [value for value in values if value is not None]
    return (sum(known) / len(known) if known else None), len(known)


def auroc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that an answerable question is more confident than an unanswerable one.

    Ties count half. None unless both kinds are there.
    """
    yes = [score for score, answerable in scored if answerable]
    no = [score for score, answerable in scored if not answerable]
    if not yes or not no:
        return None
    wins = sum((a > b) + (a == b) / 2 for a in yes for b in no)
    return round(wins / (len(yes) * len(no)), 4)
