"""Claims, and an assistant that checks them by a rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.support.records import Claim

TEXTS = {
    "guide": ("sha-g", "Keep the core as it is.\nFour coaches visit  every 2 weeks. It ends."),
    "other": ("sha-o", "Context matters. It began in 2014."),
}


@dataclass(frozen=True)
class Verdict:
    """What a check says."""

    support: str
    doubt: str | None = None
    word: str = ""


@dataclass(frozen=True)
class Found:
    """A passage that was searched for."""

    document_id: str
    start: int
    end: int


Rule = Callable[[str, str], bool]


class FakeAssistant:
    """Sees support where a rule of (sentence, text of the place) says so."""

    def __init__(self, rule: Rule, found: Sequence[Found] = ()) -> None:
        self._rule = rule
        self._found = tuple(found)
        self.checked: list[tuple[str, str]] = []

    def check(self, sentence: str, document_id: str, start: int, end: int) -> Verdict:
        text = TEXTS[document_id][1][start:end]
        self.checked.append((sentence, text))
        return Verdict("supported") if self._rule(sentence, text) else Verdict(
            "unsupported", "words", "it"
        )  # fmt: skip

    def search(self, query: str, k: int) -> tuple[Found, ...]:
        return self._found[:k]

    def documents(self) -> dict[str, tuple[str, str]]:
        return TEXTS


def make_claim(name: str = "core", file: str = "dev.yaml", **fields: Any) -> Claim:
    """A supported claim about the guide; one with a change is not supported."""
    usual: dict[str, Any] = {
        "id": name,
        "document_id": "guide",
        "quote": "Keep the core as it is.",
        "claim": "The core stays.",
        "supported": not fields.get("change"),
    }
    claim = Claim.model_validate(usual | fields)
    return claim.of(file, "test" if file.startswith("test") else "dev")
