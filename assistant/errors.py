"""The errors that a person can meet. Each says what happened and what to do about it."""

from collections.abc import Mapping
from typing import Any, ClassVar


class AssistantError(Exception):
    """Something that the reader of the message can put right.

    `message` says what happened, `remedy` what to do; `exit_code` is the command line's.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    @property
    def name(self) -> str:
        """The error's type as JSON output gives it."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class UsageError(AssistantError):
    """The call itself is wrong: an option, a path or a line of input."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown or has a value that is not allowed."""


class QuestionError(UsageError):
    """The question cannot be asked as it stands (empty, or far too long)."""


class BriefError(UsageError):
    """No session can be prepared from this brief as it stands."""


class BriefIncomplete(BriefError):
    """The brief lacks what no plan can do without. The message asks for it."""


class DocumentRefused(AssistantError):
    """One file cannot be read. The others go on."""


class CorpusError(AssistantError):
    """A corpus folder gives nothing to answer from, or its references cannot be read."""


class DocumentNotFound(AssistantError):
    """No document of that id is in the index."""


class ModelError(AssistantError):
    """A model cannot be loaded, or is not the one expected."""


class IndexMissing(AssistantError):
    """There is no index in that folder."""


class IndexOutdated(AssistantError):
    """The index was built by another model, chunker or version of the ledger."""


class IndexDamaged(AssistantError):
    """The index contradicts itself, so nothing in it can be trusted."""


class IndexNotWritable(AssistantError):
    """The index folder cannot be written to."""


class StorageFull(AssistantError):
    """The disk has no room. What was there before is untouched."""


def field_fault(fault: Mapping[str, Any], whole: str = "") -> str:
    """One of pydantic's findings as `field.part: what is wrong`.

    `whole` names what is wrong as such, where no field of it is.
    """
    name = ".".join(map(str, fault["loc"])) or whole
    return f"{name}: {fault['msg']}" if name else str(fault["msg"])
