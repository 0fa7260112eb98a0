"""The records that everything shares, in the order of the pipeline.

All offsets are positions in characters of `Document.text`, half open: `text[start:end]`.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Record(BaseModel):
    """A frozen value. Unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Sector = Literal["education", "health", "social-care", "public-services"]


class Stage(StrEnum):
    """Stages of implementation, in NIRN's words, with scaling and sustainment beside them."""

    EXPLORATION = "exploration"
    INSTALLATION = "installation"
    INITIAL = "initial"
    FULL = "full"
    SCALING = "scaling"
    SUSTAINMENT = "sustainment"


class Span(Record):
    """A stretch of a document's text, never empty."""

    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span must not be empty: {self.start} to {self.end}")
        return self


class SentenceRole(StrEnum):
    """What a sentence is in its block: `LEAD` introduces the list whose `ITEM`s follow."""

    PLAIN = "plain"
    LEAD = "lead"
    ITEM = "item"


class Sentence(Span):
    """What can be quoted on its own: a sentence, or a list item without its marker.

    `block` numbers the paragraph or list of the document that the sentence stands in; a lead
    and the items that it introduces share one. `marker` is the item's own, such as "3.".
    """

    block: int
    role: SentenceRole = SentenceRole.PLAIN
    marker: str = ""


class Section(Span):
    """The text below one heading, up to the next heading of any level.

    `path` holds the headings from the outermost to this one, without the title. A section is
    not `quotable` if it holds what is no guidance: references, footnotes, links. `anchor` is the
    name that the original gives to the place, as in an address after "#".
    """

    id: str
    path: tuple[str, ...]
    quotable: bool
    anchor: str | None = None
    sentences: tuple[Sentence, ...]


class Page(Span):
    """What of a document's text stands on one page. `number` counts the pages of the file from 1,
    `label` is the number that is printed on it, such as "iv"."""

    number: int = Field(ge=1)
    label: str | None = None


class Document(Record):
    """One guidance document: normalised text and the structure that was found in it.

    `questions` are those that it says it answers, in the words of people who ask. Pages without
    text are not among its `pages`.
    """

    id: str
    title: str
    text: str
    sha256: str
    author: str | None = None
    publisher: str | None = None
    year: int | None = None
    url: str | None = None
    stages: tuple[Stage, ...] = ()
    topics: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    sections: tuple[Section, ...]
    pages: tuple[Page, ...] = ()


class Chunk(Span):
    """What is embedded and retrieved: sentences of one section, with the prefix that gives
    them their context. The prefix is never part of a quote. Ids: `<document>:<section>:<n>`."""

    id: str
    document_id: str
    section: str
    anchor: str | None = None
    prefix: str
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def embedded_text(self) -> str:
        """The text that the model and the full-text search see."""
        return f"{self.prefix}\n{self.text}"

    def text_of(self, sentence: Sentence) -> str:
        """The text of one of its sentences."""
        return self.text[sentence.start - self.start : sentence.end - self.start]


class Signpost(Record):
    """A short text that tells where something is answered: the title with the headings of a
    section, or a question that the document says it answers (`section` is then None).

    Ids: `<document>:<section>` and `<document>:?<n>`.
    """

    id: str
    document_id: str
    section: str | None
    text: str


class Passage(Record):
    """A chunk that was retrieved, with the reason: its rank by meaning, by words, or both."""

    rank: int
    document_id: str
    chunk_id: str
    title: str
    section: str
    page: int | None = None
    start: int
    end: int
    text: str
    dense_rank: int | None
    text_rank: int | None
    score: float


class Citation(Record):
    """An exact place in a document. `quote` is the document's text from `start` to `end`."""

    number: int
    document_id: str
    title: str
    author: str | None = None
    publisher: str | None
    year: int | None
    url: str | None
    section: str
    anchor: str | None = None
    page: int | None = None
    page_label: str | None = None
    start: int
    end: int
    quote: str
    document_sha256: str


class SourcePart(Span):
    """A stretch of a source and the headings that it stands below, joined by " > "."""

    section: str


class Source(Record):
    """A document of the index as a reader opens it. `parts` are what can be quoted, in order.

    `file` is the name of the file that it was read from. If it is `replaced`, the text is that of
    an earlier version, of which parts and pages are not known any more.
    """

    document_id: str
    title: str
    author: str | None = None
    publisher: str | None
    year: int | None
    url: str | None
    sha256: str
    text: str
    parts: tuple[SourcePart, ...]
    pages: tuple[Page, ...] = ()
    file: str = ""
    replaced: bool = False


class Claim(Record):
    """One sentence of an answer and the numbers of the citations that carry it.

    `support` by them: word for word, in other words, or none, and then `reason` says why.
    """

    text: str
    support: Literal["verbatim", "supported", "unsupported"]
    citations: tuple[int, ...]
    reason: str | None = None

    @model_validator(mode="after")
    def _carried(self) -> Self:
        if self.support != "unsupported" and not self.citations:
            raise ValueError("what is supported is so by a citation")
        if (self.support == "unsupported") != (self.reason is not None):
            raise ValueError("what is unsupported says why, and nothing else does")
        return self


class Sense(Record):
    """One meaning of a contested term, with who holds it."""

    meaning: str
    citations: tuple[int, ...]


class Disagreement(Record):
    """A term that sources use in different senses."""

    term: str
    senses: tuple[Sense, ...]


class Decline(Record):
    """Why there is no answer, what is missing, and the nearest guidance there is."""

    reason: Literal[
        "out_of_scope", "not_covered", "local_fact", "needs_professional", "instruction", "language"
    ]
    missing: str
    refer_to: str | None = None
    nearest: tuple[Citation, ...]


class Usage(Record):
    """What a language model took for an answer. Tokens are `counted` by its server, or estimated.
    `cost` is in the currency of the prices in the settings; None without prices."""

    calls: int
    tokens_read: int
    tokens_written: int
    counted: bool
    cost: float | None = None


class Answer(Record):
    """What every front door gives for a question."""

    id: str | None = None
    question: str
    resolved_question: str
    outcome: Literal["answered", "declined"]
    confidence: float = Field(ge=0, le=1)
    text: str
    clarify: str | None = None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...] = ()
    decline: Decline | None
    notices: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    stage: Stage | None = None
    topics: tuple[str, ...] = ()
    engine: str
    usage: Usage | None = None
    index: str
    prompts: dict[str, str]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.outcome == "declined") != (self.decline is not None):
            raise ValueError("an answer is declined exactly if it says why")
        require_listed(self.claims, self.citations)
        return self


def require_listed(claims: Sequence[Claim], citations: Sequence[Citation]) -> None:
    """Raise ValueError unless citations are numbered from 1 and claims cite what is listed."""
    numbers = [citation.number for citation in citations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"citations must be numbered from 1: {numbers}")
    for claim in claims:
        if not set(claim.citations) <= set(numbers):
            raise ValueError(f"a claim must cite what is listed: {claim.citations}")


class Refusal(Record):
    """A file that was not indexed, and why."""

    path: str
    reason: str


class Remark(Record):
    """What should be known of a file that was indexed: where its reading may be wrong, and the
    lines that were left out as no guidance."""

    path: str
    warnings: tuple[str, ...]
    dropped: tuple[str, ...]


DocumentState = Literal["indexed", "unchanged", "replaced"]
"""What the last build made of a document."""


class Listed(Record):
    """A document and what the last build made of it. `reason` says why a file was refused, or
    what should be known of one that was not."""

    document_id: str
    title: str
    path: str
    state: DocumentState | Literal["refused"]
    reason: str | None
    chunks: int


class BuildReport(Record):
    """What a build did. Counts are of documents, except `chunks`; `remarks` are on those that were
    read this time."""

    documents: int
    chunks: int
    new: int
    unchanged: int
    replaced: int
    removed: int
    refused: tuple[Refusal, ...]
    seconds: float
    index: str
    remarks: tuple[Remark, ...] = ()


class Check(Record):
    """One thing that `assistant check` looked at."""

    name: str
    state: Literal["ok", "notice", "problem"]
    detail: str
    remedy: str
