"""Small records for the tests of the evaluation."""

from collections.abc import Callable, Sequence
from typing import Any

from assistant.answering.watch import Watch
from assistant.app import Assistant
from assistant.records import Answer, Citation, Claim, Decline, Passage
from evals.cases import Case, Evidence, Match, Nugget

GUIDE = "Keep the core as it is. Four coaches visit every 2 weeks. Half of the staff use it."
TEXTS = {"guide": ("sha-of-guide", GUIDE), "other": ("sha-of-other", "Context matters.")}


def make_citation(quote: str, number: int = 1, document_id: str = "guide") -> Citation:
    """A citation of a quote where it stands in its document."""
    sha256, text = TEXTS[document_id]
    start = text.index(quote)
    return Citation(
        number=number, document_id=document_id, title="Guide", publisher=None, year=None, url=None,
        section="", start=start, end=start + len(quote), quote=quote, document_sha256=sha256,
    )  # fmt: skip


def make_passage(document_id: str, rank: int = 1, text: str | None = None) -> Passage:
    """A passage of a document: all of it, unless a text is given."""
    text = TEXTS[document_id][1] if text is None else text
    return Passage(
        rank=rank, document_id=document_id, chunk_id=f"{document_id}:a:0", title="Guide",
        section="", start=0, end=len(text), text=text, dense_rank=rank, text_rank=None, score=0.5,
    )  # fmt: skip


def make_answer(
    text: str = "",
    citations: Sequence[Citation] = (),
    claims: Sequence[Claim] = (),
    confidence: float = 0.5,
    nearest: Sequence[Citation] | None = None,
) -> Answer:
    """An answer; a declined one if it has `nearest`."""
    decline = Decline(reason="not_covered", missing="it", nearest=tuple(nearest or ()))
    return Answer(
        question="q",
        resolved_question="q",
        outcome="answered" if nearest is None else "declined",
        confidence=confidence,
        text=text,
        claims=tuple(claims),
        citations=tuple(citations),
        decline=None if nearest is None else decline,
        engine="extractive",
        index="i",
        prompts={},
    )


def make_nugget(
    name: str, phrase: str, importance: str = "vital", quote: str = "Keep the core as it is."
) -> Nugget:
    """A nugget that a text holds if it holds the phrase."""
    return Nugget.model_validate(
        {
            "id": name,
            "text": f"It says {phrase}.",
            "importance": importance,
            "match": Match(all_of=(phrase,)),
            "evidence": (Evidence(document_id="guide", quote=quote),),
        }
    )


def make_case(name: str = "core", **fields: Any) -> Case:
    """An answerable dev case about the guide, with one nugget."""
    usual: dict[str, Any] = {
        "id": name,
        "question": f"What about {name}?",
        "answerable": True,
        "nuggets": (make_nugget("keep-core", "core"),),
        "gold": (Evidence(document_id="guide", quote="Keep the core as it is."),),
        "split": "dev",
        "source": "written for a test",
        "labelled_by": "hand",
    }
    return Case.model_validate(usual | fields)


def make_trap(name: str = "weather", **fields: Any) -> Case:
    """An unanswerable dev case."""
    without: dict[str, Any] = {"nuggets": (), "gold": (), "answerable": False}
    return make_case(name, **without | {"unanswerable_class": "other_field"} | fields)


class ScriptedAssistant(Assistant):
    """Gives the answer that is written for a question, or raises what is."""

    def __init__(self, script: Callable[[str], Answer]) -> None:
        self._script = script
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.closed = False

    def warm_up(self) -> None:
        """There is nothing to load."""

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        return self._script(question)

    def search(
        self, query: str, k: int = 10, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> tuple[Passage, ...]:
        return (make_passage("other"), make_passage("guide", rank=2))[:k]

    def documents(self) -> dict[str, tuple[str, str]]:
        return TEXTS

    def close(self) -> None:
        self.closed = True
