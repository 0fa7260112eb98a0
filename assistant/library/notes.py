"""Front matter, and the references that a note names by id."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, Field, ValidationError, field_validator

from assistant.errors import CorpusError, DocumentRefused
from assistant.from_yaml import from_yaml
from assistant.records import Record, Sector, Stage

Topic = Literal[
    "stages", "teams", "leadership", "training-and-coaching", "context", "readiness", "selection",
    "strategies", "adaptation", "fidelity", "scaling", "sustainment", "de-implementation",
    "measurement", "equity", "improvement", "cost", "policy",
]  # fmt: skip
Kind = Literal[
    "process", "determinant", "theory", "evaluation", "tool", "strategy", "evidence", "concept"
]
Evidence = Literal["review", "study", "consensus", "framework", "guidance"]
S = TypeVar("S", bound="Described")
_FENCE = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def _is_asked(text: str) -> str:
    if not re.fullmatch(r"\w[^\r\n\u2028\u2029]{0,398}\?", text):
        raise ValueError(
            "must be one line of at most 400 characters that ends with a question mark"
        )
    return text


Asked = Annotated[str, AfterValidator(_is_asked)]


class About(Record):
    """What is said of a document beside its text, by its own file or in another place."""

    title: str | None = Field(default=None, min_length=1)
    author: str | None = None
    publisher: str | None = None
    year: int | None = Field(default=None, ge=1900, le=2100)
    url: str | None = None

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://\S+$", value):
            raise ValueError("must begin with http:// or https://")
        return value


class Described(About):
    """What people may say about a document."""

    id: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9._-]*$")
    stages: tuple[Stage, ...] = ()
    topics: tuple[Topic, ...] = ()
    sectors: tuple[Sector, ...] = ()
    questions: tuple[Asked, ...] = ()


class Sidecar(Described):
    """What a file beside a document may say about it, in place of what the document says.

    `page_labels` are the numbers printed on its pages, in order.
    """

    page_labels: tuple[str, ...] = ()


class FrontMatter(Described):
    """What a Markdown file may say about itself. `corpus/README.md` explains the fields.

    Only `title` is needed. Whether a note of the shipped library is complete is for its own
    check to say.
    """

    title: str = Field(min_length=1)
    group: str | None = None
    kind: Kind | None = None
    senses: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    conflicts_with: tuple[str, ...] = ()
    evidence: Evidence | None = None
    references: tuple[str, ...] = ()
    reviewed: date | None = None
    licence: str | None = None

    @field_validator("senses", mode="before")
    @classmethod
    def _one_sense_or_several(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {term: (held,) if isinstance(held, str) else held for term, held in value.items()}


class Reference(Record):
    """A work that notes rest on."""

    authors: str
    year: int | None = None
    title: str
    container: str
    doi: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        date_text = str(self.year) if self.year else "no date"
        where = f" doi:{self.doi}" if self.doi else f" {self.url}" if self.url else ""
        return f"{self.authors} ({date_text}). {self.title}. {self.container}.{where}"


def split_front_matter(text: str, path: Path) -> tuple[FrontMatter | None, str]:
    """The front matter, if there is one, and the text below it.

    Raises DocumentRefused that names the file, the field and what is allowed.
    """
    fenced = _FENCE.match(text)
    if not fenced:
        if re.match(r"---[ \t]*\n", text):
            raise DocumentRefused(
                f"{path}: the front matter that the first line opens is never closed.",
                "Add a line --- below its last field.",
            )
        return None, text
    return _fields(FrontMatter, fenced["front"], f"{path}", "front matter"), text[fenced.end() :]


def sidecar_of(path: Path) -> Path:
    """Where a file may stand that describes a document: `manual.pdf.yaml` for `manual.pdf`."""
    return path.with_name(f"{path.name}.yaml")


def parse_sidecar(data: bytes, path: Path) -> Sidecar:
    """What a sidecar says. Raises DocumentRefused that names it, the field and what is allowed."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"{path}: is not UTF-8.", "Save it again with the encoding UTF-8."
        ) from error
    return _fields(Sidecar, text, f"{path}", "sidecar") if text.strip() else Sidecar()


def _fields(model: type[S], text: str, path: str, what: str) -> S:
    try:
        fields = from_yaml(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        problem = " ".join(str(error).split())
        raise DocumentRefused(
            f"{path}: the {what} is not valid YAML: {problem}.", "Correct it."
        ) from error
    if not isinstance(fields, dict):
        raise DocumentRefused(
            f"{path}: the {what} is not a list of fields.", "Write one `field: value` a line."
        )
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"])
            if fault["type"] == "extra_forbidden":
                faults.append(f"field {name!r} is not known")
            else:
                faults.append(f"field {name!r}: {fault['msg']}")
        raise DocumentRefused(
            f"{path}: {what}: {'; '.join(faults)}.",
            f"The fields are: {', '.join(model.model_fields)}.",
        ) from error


def read_references(folder: Path) -> dict[str, Reference]:
    """The records of `references.yaml` in a corpus folder, or in the folder above it.

    None there: an empty dictionary. Raises CorpusError for a broken file.
    """
    for place in (folder, folder.parent):
        path = place / "references.yaml"
        if path.is_file():
            try:
                records = from_yaml(path.read_text("utf-8")) or {}
                return {key: Reference.model_validate(record) for key, record in records.items()}
            except (yaml.YAMLError, ValueError, AttributeError) as error:
                problem = " ".join(str(error).split())
                raise CorpusError(
                    f"{path}: {problem}.", "Correct it; corpus/README.md shows a record."
                ) from error
    return {}
