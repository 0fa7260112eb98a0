"""What is asked of the check of support, and what is found. Imports nothing of the product."""

from typing import NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from evals.mutation.judging import MutationReport, Tally
from evals.results import Estimate

SPLITS = ("dev", "test")
CHANGES = (
    "number", "unit", "date", "negation", "modality", "frequency", "named thing", "population",
    "comparator", "scope", "cause", "addition", "merged", "condition", "opposite",
)  # fmt: skip
"""What can be wrong with a claim that its passage does not support."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(_Part):
    """A sentence that somebody wrote about a quote, and whether the quote's passage says it.

    `change` is what was made wrong, one of CHANGES; supported claims have none.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    document_id: str = Field(min_length=1)
    quote: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    supported: bool
    change: str | None = None
    _file: str = PrivateAttr(default="")
    _split: str = PrivateAttr(default="dev")

    @property
    def file(self) -> str:
        """The name of the file it was read from."""
        return self._file

    @property
    def split(self) -> str:
        """Dev or test, by the name of its file."""
        return self._split

    def of(self, file: str, split: str) -> Self:
        """The same claim, read from that file."""
        found = self.model_copy()
        found._file, found._split = file, split
        return found


class Place(NamedTuple):
    """A stretch of a document's text."""

    document_id: str
    start: int
    end: int


class _Verdict(Protocol):
    @property
    def support(self) -> str: ...
    @property
    def doubt(self) -> str | None: ...
    @property
    def word(self) -> str: ...


class _Found(Protocol):
    @property
    def document_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Checker(Protocol):
    """The assistant, as far as it is asked here."""

    def check(self, sentence: str, document_id: str, start: int, end: int) -> _Verdict:
        """Whether the passages around that stretch of a document say a sentence."""

    def search(self, query: str, k: int) -> tuple[_Found, ...]:
        """Passages, best first."""


class SplitReport(_Part):
    """The check on one split. `missed` are the supported claims that it rejected, a line each.

    Of the tallies of `changes`, mutants and `nearest`, all should be rejected; `nearest` judges
    claims against the nearest passage elsewhere, which may in truth say the same.
    """

    claims: int
    balanced: Estimate
    taken: Estimate
    rejected: Estimate
    missed: tuple[str, ...]
    changes: dict[str, Tally]
    mutation: MutationReport
    nearest: Tally

    @property
    def mutants(self) -> int:
        """How many mutants were made, of all kinds."""
        return sum(tally.made for tally in self.mutation.mutants.values())

    @property
    def caught(self) -> int:
        """How many of them were rejected."""
        return sum(tally.rejected for tally in self.mutation.mutants.values())


class SupportReport(_Part):
    """The check on each split that there are claims of, by its name."""

    splits: dict[str, SplitReport]
