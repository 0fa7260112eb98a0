"""Stand-ins for what is slow or outside: each has the interface of the real thing."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO

import numpy as np

from assistant.errors import DocumentNotFound, IndexDamaged
from assistant.index.facts import IndexFacts
from assistant.models.embedding import EmbeddingModel, Progress, Vectors
from assistant.models.language import ModelChoice
from assistant.records import (
    Answer,
    Citation,
    Claim,
    Decline,
    Disagreement,
    Page,
    Sense,
    Source,
    SourcePart,
)
from assistant.render import escape_markdown


class WordHashModel(EmbeddingModel):
    """Vectors from hashed words: texts that share words are near. No weights, no torch."""

    DIMENSION = 64

    def __init__(self, name: str = "word-hash") -> None:
        super().__init__(name)
        self.encoded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self.name

    @property
    def dimension(self) -> int:
        return self.DIMENSION

    def load(self) -> None:
        pass

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.encoded += texts
        if progress:
            progress(len(texts))
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            len(texts), self.DIMENSION
        )

    def encode_question(self, question: str) -> Vectors:
        return self._vector(question)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.DIMENSION, dtype=np.float32)
        for word in text.lower().split():
            digest = hashlib.sha256(word.strip(".,:;?!").encode()).digest()
            vector[digest[0] % self.DIMENSION] += 1 if digest[1] % 2 else -1
        vector[0] += 0.01  # never a zero vector
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class SilentProgress:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[str, int]] = []

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        self.steps.append((name, total))
        yield lambda done: None

    def say(self, message: str) -> None:
        self.said.append(message)


QUOTES = {
    "colon": "See NICE:NG136 and dose:weight, at 10:30, ratio 1:2 ::warning:: :smile:.",
    "marks": "Use *this*, **not that**, _or this_, __never__ ~~so~~ `code` # no heading.",
    "brackets": "As [3] says in [1](http://evil.example/x) and ![so](http://evil.example/y.png).",
    "html": 'Less < 5 & <b>bold</b> <script>alert(1)</script> <img src=x onerror="alert(2)">.',
    "addresses": "Ask a.nurse@trust.example, see https://evil.example/a_b?c=d, www.evil.example.",
    "letters": "Ärzte, наука, 実施科学, التنفيذ, עברית, ε ≤ 0·05, “quoted” – dash… é.",
    "table": "Stage | Months | Who\n1 | 2–4 | 50 %\n--- | --- | ---",
    "lines": "1. first\n2) second\n- third\n> quoted\n===\n+ plus",
    "backslash": r"C:\new\table \* \[1\] $x^2$ $$y$$ \\ end\.",
    "entities": "&amp; &lt; &copy; &#65; 5 &nbsp; [^1] [ ] [x] \u200bzero|width.",
}


MANUAL = (  # the pages of a PDF of a team's own: each a heading and a paragraph
    ("Starting well", "The team meets every Monday. Dr Lee leads it & keeps the list <of jobs>."),
    ("Keeping going", "A coach visits each class twice a term. She writes down what she saw."),
    ("Looking back", "In June the team reads its notes again, and says what it would leave out."),
)
HANDBOOK = "Ward handbook\n\nHandover\n\nThe nurse in charge reads the plan aloud at seven."


class ScriptedAssistant:
    """Answers by the words of the question, from one document that holds all of `QUOTES`.

    "quote NAME" quotes it; "senses" disagrees with itself; "many" has twelve citations; "paint"
    is declined; "slow SECONDS" takes its time; "broken" and "damaged" fail; "from" says which
    documents it was asked from. With documents of its own ("manual", a PDF of three pages, and
    "ward/handbook", a DOCX), "page N" quotes the manual and "handbook" the other, and "remove ID"
    and "restore ID" change which are there. Anything else is answered with what was asked before.
    """

    TITLE = "A guide: *with* [signs] & <tags>"
    LIBRARY = "a/guide (1)"
    model: ModelChoice | None = None
    OLD_TEXT = "Opening words of last year.\n\nWhat was said then."
    OLD_SHA256 = hashlib.sha256(OLD_TEXT.encode()).hexdigest()

    def __init__(self, own: bool = False) -> None:
        self.text = "\n\n".join(["Opening words.", *QUOTES.values(), "Closing words."])
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        self.own = {one.document_id: one for one in (_manual(), _handbook())} if own else {}
        self.removed: set[str] = set()

    def warm_up(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""

    def facts(self) -> IndexFacts:
        documents = 1 + len(self.own_documents())
        return IndexFacts(documents, 12, self.sha256[:12], len(self.removed))

    @property
    def embedding(self) -> tuple[str, bool]:
        return "scripted-model", True

    def is_own(self, document_id: str) -> bool:
        return document_id in self.own_documents()

    def own_documents(self) -> dict[str, str]:
        return {name: one.title for name, one in self.own.items() if name not in self.removed}

    def library_documents(self) -> dict[str, str]:
        return {self.LIBRARY: self.TITLE}

    def source(self, document_id: str, version: str = "") -> Source:
        if document_id in self.own_documents():
            return self.own[document_id]
        if document_id != self.LIBRARY:
            raise DocumentNotFound(f"No document {document_id!r} is in the index.", "See: search")
        replaced = len(version) > 4 and self.OLD_SHA256.startswith(version)
        text = self.OLD_TEXT if replaced else self.text
        part = SourcePart(start=0, end=len(text), section="Opening words.")
        return Source(
            document_id=document_id, title=self.TITLE, publisher="Some <publisher>", year=2024,
            url="https://original.example/guide", text=text, replaced=replaced, file="guide.md",
            sha256=self.OLD_SHA256 if replaced else self.sha256, parts=() if replaced else (part,),
        )  # fmt: skip

    def original(self, document_id: str) -> tuple[str, bytes]:
        found = self.source(document_id)
        if document_id == "manual":
            return found.file, pdf_of(MANUAL)
        return found.file, b"PK of a <script>" if document_id in self.own else self.text.encode()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Answer:
        word, _, rest = question.partition(" ")
        if word == "slow":
            time.sleep(float(rest))
        if word == "broken":
            raise RuntimeError("a secret of the inside")
        if word == "damaged":
            raise IndexDamaged("The index contradicts itself.", "Run: assistant build")
        if word == "paint":
            return self._declined(question)
        if word == "senses":
            return self._senses(question)
        if word == "many":
            return self._answer(question, ["Opening words.", *QUOTES.values(), "Closing words."])
        if word == "quote":
            return self._answer(question, [QUOTES[rest]])
        if word == "from":
            return self._answer(question, ["Opening words."], f"from {' & '.join(only) or 'all'}")
        if word in ("page", "handbook") and self.own:
            return self._from_own(question, word, rest)
        if word in ("remove", "restore"):
            (self.removed.add if word == "remove" else self.removed.discard)(rest)
            return self._answer(question, ["Opening words."])
        return self._answer(question, ["Opening words."], resolved=" | ".join([*history, question]))

    def _from_own(self, question: str, word: str, rest: str) -> Answer:
        """An answer from a document of one's own, with a second quote from the library."""
        if word == "page":
            source, quote = self.own["manual"], MANUAL[int(rest) - 1][1]
        else:
            source, quote = self.own["ward/handbook"], "The nurse in charge reads the plan aloud"
        start = source.text.index(quote)
        page = next((one for one in source.pages if one.start <= start < one.end), None)
        section = next(one.section for one in source.parts if one.start <= start < one.end)
        cited = Citation(
            number=1, document_id=source.document_id, title=source.title, author=source.author,
            publisher=None, year=2025, url=source.url, section=section,
            anchor=None if page else "handover", start=start, end=start + len(quote),
            quote=quote, document_sha256=source.sha256, page=page.number if page else None,
            page_label=page.label if page else None,
        )  # fmt: skip
        return self._answer(question, [quote, "Opening words."], cited={1: cited})

    def _cite(self, number: int, quote: str) -> Citation:
        start = self.text.index(quote)
        return Citation(
            number=number, document_id="a/guide (1)", title=self.TITLE,
            publisher="Some <publisher>", year=2024, url="https://original.example/guide",
            section="Opening words.", start=start, end=start + len(quote), quote=quote,
            document_sha256=self.sha256,
        )  # fmt: skip

    def _answer(
        self,
        question: str,
        quotes: list[str],
        resolved: str | None = None,
        cited: Mapping[int, Citation] | None = None,
    ) -> Answer:
        given = cited or {}
        citations = tuple(given.get(n) or self._cite(n, q) for n, q in enumerate(quotes, 1))
        return Answer(
            question=question, resolved_question=resolved or question, outcome="answered",
            confidence=0.9, engine="scripted", index="none", prompts={}, decline=None,
            text="\n\n".join(f"{escape_markdown(q)} [{n}]" for n, q in enumerate(quotes, 1)),
            claims=tuple(
                Claim(text=quote, support="verbatim", citations=(n,))
                for n, quote in enumerate(quotes, 1)
            ),
            citations=citations, follow_ups=("What comes next?",),
        )  # fmt: skip

    def _senses(self, question: str) -> Answer:
        first, second = "Opening words.", "Closing words."
        answer = self._answer(question, [first, second])
        senses = tuple(
            Sense(meaning=text, citations=(n,)) for n, text in enumerate([first, second], 1)
        )
        return answer.model_copy(
            update={
                "text": f'The guidance uses "word":\n\n- In “One”: {first} [1]\n- In “Two”: '
                f"{second} [2]",
                "disagreements": (Disagreement(term="word", senses=senses),),
            }
        )

    def _declined(self, question: str) -> Answer:
        nearest = self._cite(1, "Opening words.")
        title = escape_markdown(self.TITLE)
        return Answer(
            question=question, resolved_question=question, outcome="declined", confidence=0.1,
            text=f"The guidance here does not answer this.\n\nThe nearest:\n\n- {title}",
            claims=(), citations=(), engine="scripted", index="none", prompts={},
            decline=Decline(reason="not_covered", missing="nothing", nearest=(nearest,)),
        )  # fmt: skip


def _manual() -> Source:
    """The PDF: its text with the pages, which have other numbers printed on them."""
    title = "Our team manual"
    pages: list[Page] = []
    parts: list[SourcePart] = []
    text = f"{title}\n\n"
    for number, (heading, paragraph) in enumerate(MANUAL, 1):
        start = len(text) if pages else 0
        begins = len(text) + len(heading) + 2
        text += f"{heading}\n\n{paragraph}\n\n"
        pages.append(Page(start=start, end=len(text) - 2, number=number, label=str(number + 6)))
        parts.append(SourcePart(start=begins, end=len(text) - 2, section=heading))
    return _own("manual", title, text.rstrip(), "manual.pdf", tuple(pages), tuple(parts))


def _handbook() -> Source:
    part = SourcePart(start=HANDBOOK.index("The nurse"), end=len(HANDBOOK), section="Handover")
    return _own(
        "ward/handbook", "Ward handbook", HANDBOOK, "Ward handbook é.docx", (), (part,)
    ).model_copy(update={"url": "https://ward.example/handbook"})


def _own(
    name: str, title: str, text: str, file: str, pages: tuple[Page, ...],
    parts: tuple[SourcePart, ...],
) -> Source:  # fmt: skip
    return Source(
        document_id=name, title=title, author="A. Writer", publisher=None, year=2025, url=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(), text=text, parts=parts, pages=pages,
        file=file,
    )  # fmt: skip


def pdf_of(pages: Sequence[tuple[str, str]]) -> bytes:
    """A PDF on A4 with a heading and a paragraph on each page, the same bytes every time."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    story = []
    for heading, paragraph in pages:
        escaped = paragraph.replace("&", "&amp;").replace("<", "&lt;")
        story += [
            Paragraph(heading, styles["Heading1"]), Spacer(1, 12),
            Paragraph(escaped, styles["BodyText"]), PageBreak(),
        ]  # fmt: skip
    written = BytesIO()
    SimpleDocTemplate(written, pagesize=A4, title="Our team manual", invariant=1).build(story)
    return written.getvalue()
