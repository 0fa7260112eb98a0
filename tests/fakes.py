"""Stand-ins for what is slow or outside: each has the interface of the real thing."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from assistant.errors import DocumentNotFound, IndexDamaged
from assistant.models.embedding import BATCH, EmbeddingModel, Progress, Vectors
from assistant.records import (
    Answer,
    Citation,
    Claim,
    Decline,
    Disagreement,
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

    def encode(
        self, texts: Sequence[str], batch: int = BATCH, progress: Progress | None = None
    ) -> Vectors:
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


class ScriptedAssistant:
    """Answers by the words of the question, from one document that holds all of `QUOTES`.

    "quote NAME" quotes it; "senses" disagrees with itself; "many" has twelve citations; "paint"
    is declined; "slow SECONDS" takes its time; "broken" and "damaged" fail. Anything else is
    answered with what was asked before.
    """

    TITLE = "A guide: *with* [signs] & <tags>"

    def __init__(self) -> None:
        self.text = "\n\n".join(["Opening words.", *QUOTES.values(), "Closing words."])
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    def warm_up(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""

    def source(self, document_id: str) -> Source:
        if document_id != "a/guide (1)":
            raise DocumentNotFound(f"No document {document_id!r} is in the index.", "See: search")
        return Source(
            document_id=document_id, title=self.TITLE, publisher="Some <publisher>", year=2024,
            url="https://original.example/guide", sha256=self.sha256, text=self.text,
            parts=(SourcePart(start=0, end=len(self.text), section="Opening words."),),
        )  # fmt: skip

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
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
        return self._answer(question, ["Opening words."], resolved=" | ".join([*history, question]))

    def _cite(self, number: int, quote: str) -> Citation:
        start = self.text.index(quote)
        return Citation(
            number=number, document_id="a/guide (1)", title=self.TITLE,
            publisher="Some <publisher>", year=2024, url="https://original.example/guide",
            section="Opening words.", start=start, end=start + len(quote), quote=quote,
            document_sha256=self.sha256,
        )  # fmt: skip

    def _answer(self, question: str, quotes: list[str], resolved: str | None = None) -> Answer:
        citations = tuple(self._cite(n, quote) for n, quote in enumerate(quotes, 1))
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
