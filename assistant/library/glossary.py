"""The glossary: contested words with their senses, acronyms, plain words, stage names.

It holds cues and never answers: what a word means is said only through a citable sentence of
the guidance.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from assistant.errors import CorpusError, field_fault
from assistant.from_yaml import from_yaml
from assistant.library.notes import Topic
from assistant.records import Record, Stage


class TermSense(Record):
    """One sense of a contested word. `meaning` is for people who edit the glossary."""

    meaning: str = Field(min_length=1)
    cues: tuple[str, ...]
    held_by: tuple[str, ...]
    note: str


class ContestedTerm(Record):
    """A word that sources use in different senses. `house` is the library's own, if it has one."""

    name: str
    forms: tuple[str, ...] = Field(min_length=1)
    house: str | None = None
    present: str
    ask: str | None = None
    senses: dict[str, TermSense] = Field(min_length=1)

    @model_validator(mode="after")
    def _house_is_a_sense(self) -> "ContestedTerm":
        if self.house is not None and self.house not in self.senses:
            raise ValueError(f"house: there is no sense {self.house!r}")
        return self


class StageNames(Record):
    """What different guides call the same work. `names` maps a guide to its names for it."""

    stage: Stage
    idea: str
    names: dict[str, tuple[str, ...]]


class Glossary(Record):
    """All of `glossary.yaml`."""

    terms: dict[str, ContestedTerm]
    acronyms: dict[str, tuple[str, ...]]
    acronyms_that_are_words: tuple[str, ...] = ()
    synonyms: dict[str, tuple[str, ...]]
    stage_names: tuple[StageNames, ...]
    stage_cues: dict[Stage, tuple[str, ...]] = Field(default_factory=dict)
    topic_cues: dict[Topic, tuple[str, ...]] = Field(default_factory=dict)
    settings: tuple[str, ...] = ()

    @field_validator("terms")
    @classmethod
    def _a_form_is_of_one_term(cls, terms: dict[str, ContestedTerm]) -> dict[str, ContestedTerm]:
        owners: dict[str, str] = {}
        for name, term in terms.items():
            for form in term.forms:
                if owners.setdefault(_plain(form), name) != name:
                    raise ValueError(f"{form!r} is a form of {owners[_plain(form)]} and of {name}")
        return terms

    @field_validator("acronyms_that_are_words")
    @classmethod
    def _are_in_capitals(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in names if name != name.upper()]:
            raise ValueError(f"not in capitals: {', '.join(wrong)}")
        return names

    def terms_in(self, text: str) -> dict[str, str]:
        """The contested terms of a text, each with the first form that stands there.

        The longest form counts: "scaling up" is a use of scale_up and none of scaling.
        """
        found: dict[str, str] = {}
        for match in self._forms.finditer(text):
            found.setdefault(self._owner_of[_plain(match[0])], match[0])
        return found

    def stage_in(self, text: str) -> tuple[Stage, str] | None:
        """The stage that a text speaks of last, with the words that show it."""
        found = [
            (match.end(), len(match[0]), stage, match[0])
            for stage, cues in self._stage_cues.items()
            for match in cues.finditer(text)
        ]
        _, _, stage, words = max(found, default=(0, 0, None, ""), key=lambda one: one[:2])
        return (stage, words) if stage else None

    def topics_in(self, text: str) -> tuple[Topic, ...]:
        """The topics that a text speaks of, in the order of the glossary."""
        return tuple(name for name, cues in self._topic_cues.items() if cues.search(text))

    def setting_in(self, text: str) -> str | None:
        """The place that a text speaks of last."""
        places = [match[0] for match in self._settings.finditer(text)]
        return places[-1] if places else None

    def foreign_sense(self, question: str, resolved: str) -> str | None:
        """The sense, held by nobody in this field, in which a question uses a contested word.

        The word may stand in what the question leans on, a cue of the sense must stand in the
        question itself: "sustainability" first, and then "no, the climate one".
        """
        for name in self.terms_in(resolved):
            for sense_name, sense in self.terms[name].senses.items():
                if not sense.held_by and sense.cues and any_of(sense.cues).search(question):
                    return sense_name
        return None

    def expansions(self, question: str) -> tuple[str, ...]:
        """What the guidance says for the acronyms, plain words and stage names of a question.

        Only what the question does not say itself, each once, in the order of the question.
        """
        at: list[tuple[int, str]] = []
        for match in self._acronyms.finditer(question):
            written = match[0]
            name = self._acronym_of[written.lower()]
            if written == name or name not in self.acronyms_that_are_words:
                at += [(match.start(), meaning) for meaning in self.acronyms[name]]
        for match in self._synonyms.finditer(question):
            at += [(match.start(), word) for word in self._synonym_of[_plain(match[0])]]
        for match in self._stages.finditer(question):
            at += [(match.start(), name) for name in self._stage_called(match["name"])]
        said = _plain(question)
        ordered = [text for _, text in sorted(at, key=lambda found: found[0])]
        return tuple(dict.fromkeys(text for text in ordered if _plain(text) not in said))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its terms and of what its acronyms stand for, in lower case."""
        texts = [form for term in self.terms.values() for form in term.forms]
        texts += [text for meanings in self.acronyms.values() for text in meanings]
        return frozenset(re.findall(r"[^\W\d_]+", " ".join(texts).lower()))

    def _stage_called(self, name: str) -> Iterable[str]:
        """NIRN's and EPIS's names for the stage that some guide calls by this name."""
        for row in self.stage_names:
            if any(_plain(name) == _plain(n) for names in row.names.values() for n in names):
                for guide in ("NIRN", "EPIS"):
                    yield from row.names.get(guide, ())

    @cached_property
    def _owner_of(self) -> dict[str, str]:
        return {_plain(form): name for name, term in self.terms.items() for form in term.forms}

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        return any_of(self._owner_of)

    @cached_property
    def _acronym_of(self) -> dict[str, str]:
        return {name.lower(): name for name in self.acronyms}

    @cached_property
    def _acronyms(self) -> re.Pattern[str]:
        return any_of(self.acronyms)

    @cached_property
    def _synonym_of(self) -> dict[str, tuple[str, ...]]:
        return {_plain(said): meant for said, meant in self.synonyms.items()}

    @cached_property
    def _synonyms(self) -> re.Pattern[str]:
        return any_of(self.synonyms)

    @cached_property
    def _stage_cues(self) -> dict[Stage, re.Pattern[str]]:
        return {stage: any_of(cues) for stage, cues in self.stage_cues.items()}

    @cached_property
    def _topic_cues(self) -> dict[Topic, re.Pattern[str]]:
        return {topic: any_of(cues) for topic, cues in self.topic_cues.items()}

    @cached_property
    def _settings(self) -> re.Pattern[str]:
        return any_of(self.settings)

    @cached_property
    def _stages(self) -> re.Pattern[str]:
        names = {n for row in self.stage_names for names in row.names.values() for n in names}
        return re.compile(rf"(?P<name>{any_of(names).pattern})(?= (?:stage|phase)\b)", re.I)


def read_glossary(folder: Path) -> Glossary:
    """The glossary of a library: `glossary.yaml` in its folder.

    Raises CorpusError that names the place and what is wrong.
    """
    path = folder / "glossary.yaml"
    try:
        return Glossary.model_validate(from_yaml(path.read_text("utf-8")))
    except ValidationError as error:
        faults = "; ".join(map(field_fault, error.errors()))
        raise CorpusError(
            f"{path}: {faults}.", "Correct it; its first lines explain it."
        ) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise CorpusError(
            f"{path}: {problem}.", "Correct it; its first lines explain it."
        ) from error


def _plain(text: str) -> str:
    """Lower case, hyphens as spaces."""
    return " ".join(re.split(r"[\s\-\u2010\u2011\u2013]+", text.lower())).strip()


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, whole, the longest first; a hyphen and a space are the same.

    Without words, what never matches.
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    spelled = (
        r"[\s\-\u2010\u2011\u2013]+".join(re.escape(part) for part in re.split(r"[\s\-]+", word))
        for word in ordered
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled) or '(?!)'})(?!\w)", re.IGNORECASE)
