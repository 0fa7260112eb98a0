"""Documents that readers add to a conversation: where they are, and who may ask them.

Each conversation with documents has a copy of the index, with them in it. Nobody else's questions
ever meet them, since they are searched in another index. The copy is made anew from the files when
it is missing or the index has changed.
"""

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.app import Assistant
from assistant.errors import AssistantError, DocumentNotFound, DocumentRefused
from assistant.index.storage import storage_errors
from assistant.library.reading import READ
from assistant.records import Listed, Source
from assistant.store.throttle import Throttle

_TICKETS = 1_000  # at once, of everybody
_TICKET = 600.0  # seconds for which one is good
_OPEN = 8  # indexes at once, of some 50 MB each; more only while they are asked
_OF_USER = 50  # documents in all conversations of a user
_AN_HOUR = 20  # documents of a user
_GRACE = 24 * 3600.0  # seconds until documents are deleted of a conversation that nobody keeps
_LONGEST = 200  # bytes of a name: file systems have room for 255
_UNNAMED = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]")


class UploadRefused(AssistantError):
    """A document is not taken."""


@dataclass(frozen=True)
class Talk:
    """A conversation and whose it is, both by id."""

    user: str
    conversation: str


@dataclass
class _Opened:
    """An index that is open: for later questions, and for those that are being answered."""

    assistant: Assistant
    made_from: str
    uses: int = 1

    def let_go(self) -> None:
        """One needs it no more."""
        self.uses -= 1
        if not self.uses:
            self.assistant.close_copy()


class Uploads:
    """The documents of all conversations, in one folder. Safe to share between threads."""

    def __init__(
        self, folder: Path, largest: int, most: int, clock: Callable[[], float] = time.time
    ) -> None:
        """`largest` is in bytes of a document, `most` how many a conversation may have; `clock`
        gives seconds since 1970."""
        self.largest = largest
        self._folder = folder
        self._most = most
        self._clock = clock
        self._rate = Throttle(_AN_HOUR, 3600, clock)
        self._lock = threading.Lock()
        self._turns: dict[Talk, threading.Lock] = {}
        self._tickets: dict[str, tuple[Talk, float]] = {}
        self._opened: dict[Talk, _Opened] = {}

    # --- who may add what --------------------------------------------------------------

    def ticket(self, talk: Talk) -> str:
        """A secret with which one document may be added to a conversation, fit for an address."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tickets[token] = (talk, self._clock() + _TICKET)
            for old in list(self._tickets)[:-_TICKETS]:
                del self._tickets[old]
        return token

    def redeem(self, token: str, user: str) -> Talk | None:
        """The conversation that a secret is for, once, if it is that user's."""
        with self._lock:
            talk, until = self._tickets.get(token, (None, 0.0))
            if talk is None or talk.user != user:
                return None
            del self._tickets[token]
            return talk if self._clock() < until else None

    def count_in(self, user: str) -> None:
        """One more document comes from a user. Raises UploadRefused if that is too many an
        hour."""
        if wait := self._rate.wait(user):
            minutes = max(1, round(wait / 60))
            raise UploadRefused(
                f"You have added {_AN_HOUR} documents within an hour.",
                f"Wait {minutes} minutes and try again.",
            )
        self._rate.failed(user)

    # --- taking in ---------------------------------------------------------------------

    def take_in(self, base: Assistant, talk: Talk, name: str, data: bytes) -> str:
        """Add a document to a conversation; gives its title. One of the same name is replaced.

        Raises UploadRefused if there are too many, DocumentRefused if it cannot be read,
        StorageFull.
        """
        with self._turn(talk):
            files = self._files(talk)
            file = files / _clean(name)
            if not file.exists():
                self._require_room(talk)
            with self._opened_for(base, talk) as assistant:
                document = keep_file(assistant, file, data)
                self._note(talk, assistant)
                return document.title

    def take_in_for_all(self, base: Assistant, name: str, data: bytes) -> str:
        """Add a document to the index itself; gives its title. Raises DocumentRefused,
        StorageFull, IndexNotWritable."""
        with self._turn(Talk("", "")):
            return keep_file(base, base.given_folder / _clean(name), data).title

    def _require_room(self, talk: Talk) -> None:
        if len(_files_in(self._files(talk))) >= self._most:
            raise UploadRefused(
                f"This conversation has {self._most} documents, and no more are taken.",
                "Add it in a new conversation.",
            )
        if len(self.files_of(talk.user)) >= _OF_USER:
            raise UploadRefused(
                f"Your conversations have {_OF_USER} documents, and no more are taken.",
                "Delete conversations that you need no more.",
            )

    # --- asking ------------------------------------------------------------------------

    @contextmanager
    def asking(self, base: Assistant, talk: Talk) -> Iterator[Assistant]:
        """The assistant to ask in a conversation: `base`, or one that also knows its documents.
        Raises as `Assistant.beside` does."""
        if not _files_in(self._files(talk)):
            yield base
            return
        with ExitStack() as held:
            with self._turn(talk):
                assistant = held.enter_context(self._opened_for(base, talk))
            yield assistant

    def source(self, base: Assistant, user: str, document_id: str, version: str) -> Source | None:
        """A document that a user has added to some conversation, as it was when its sha256 began
        with `version`."""
        for talk in self._holding(user, document_id, version):
            with self.asking(base, talk) as assistant, suppress(DocumentNotFound):
                return assistant.source(document_id, version)
        return None

    def original(
        self, base: Assistant, user: str, document_id: str, version: str
    ) -> tuple[str, bytes] | None:
        """The name of such a document's file and its bytes."""
        for talk in self._holding(user, document_id, version):
            with self.asking(base, talk) as assistant, suppress(DocumentNotFound):
                return assistant.original(document_id)
        return None

    # --- letting go --------------------------------------------------------------------

    def files_of(self, user: str) -> list[Path]:
        """The files of a user, in all conversations."""
        return [file for talk in self._talks(user) for file in _files_in(self._files(talk))]

    def forget(self, talk: Talk) -> None:
        """Delete the documents of a conversation, and the index with them."""
        with self._turn(talk):
            self._close(talk)
            shutil.rmtree(self._place(talk), ignore_errors=True)
        with self._lock:
            self._turns.pop(talk, None)

    def forget_user(self, user: str) -> None:
        """Delete all documents of a user's conversations."""
        for talk in self._talks(user):
            self.forget(talk)

    def sweep(self, is_kept: Callable[[str], object]) -> None:
        """Delete the documents of conversations that are not kept any more. What was added within
        a day stays: a conversation is kept from its first answer on."""
        for user in _inside(self._folder):
            for talk in self._talks(user.name):
                added = max((f.stat().st_mtime for f in _files_in(self._files(talk))), default=0.0)
                if added < self._clock() - _GRACE and not is_kept(talk.conversation):
                    self.forget(talk)

    def close(self) -> None:
        """Close all indexes."""
        for talk in list(self._opened):
            self._close(talk)

    # --- indexes and folders -----------------------------------------------------------

    @contextmanager
    def _opened_for(self, base: Assistant, talk: Talk) -> Iterator[Assistant]:
        """The assistant of a conversation, which nobody closes meanwhile. In its turn only."""
        now = base.contents
        with self._lock:
            opened = self._opened.get(talk)
        if opened is None or opened.made_from != now:
            self._close(talk)
            opened = self._open(base, talk, now)
        with self._lock:
            opened.uses += 1
        try:
            yield opened.assistant
        finally:
            with self._lock:
                opened.let_go()

    def _open(self, base: Assistant, talk: Talk, now: str) -> _Opened:
        assistant = base.beside(self._place(talk) / "index")
        try:
            files = _files_in(self._files(talk))
            if files:
                assistant.take_in(files)
                self._note(talk, assistant)
        except BaseException:
            assistant.close_copy()
            raise
        opened = _Opened(assistant, now)
        with self._lock:
            self._opened[talk] = opened
            for old in list(self._opened)[:-_OPEN]:
                self._opened.pop(old).let_go()
        return opened

    def _close(self, talk: Talk) -> None:
        with self._lock:
            opened = self._opened.pop(talk, None)
            if opened:
                opened.let_go()

    def _note(self, talk: Talk, assistant: Assistant) -> None:
        """Which documents there are, to find them again without opening every index."""
        folder = str(self._files(talk))
        mine = [one for one in assistant.listed() if str(Path(one.path).parent) == folder]
        known = {
            one.document_id: assistant.source(one.document_id).sha256
            for one in mine
            if one.state != "refused"
        }
        self._notes(talk).write_text(json.dumps(known), "utf-8")

    def _holding(self, user: str, document_id: str, version: str) -> Iterator[Talk]:
        """The conversations of a user with that version of a document."""
        for talk in self._talks(user):
            with suppress(OSError, ValueError):
                known = json.loads(self._notes(talk).read_text("utf-8"))
                if document_id in known and known[document_id].startswith(version):
                    yield talk

    @contextmanager
    def _turn(self, talk: Talk) -> Iterator[None]:
        """One after another for each conversation."""
        with self._lock:
            turn = self._turns.setdefault(talk, threading.Lock())
        with turn:
            yield

    def _place(self, talk: Talk) -> Path:
        return self._folder / talk.user / talk.conversation

    def _files(self, talk: Talk) -> Path:
        return self._place(talk) / "files"

    def _notes(self, talk: Talk) -> Path:
        return self._place(talk) / "documents.json"

    def _talks(self, user: str) -> list[Talk]:
        return [Talk(user, place.name) for place in _inside(self._folder / user)]


def keep_file(assistant: Assistant, file: Path, data: bytes) -> Listed:
    """Put a document into its place and into the index; where it cannot be read, all is as it was
    before. Raises DocumentRefused, StorageFull, IndexNotWritable."""
    before = file.read_bytes() if file.exists() else None
    try:
        with storage_errors(assistant.index_folder):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        report = assistant.take_in([file])
        listed = {one.path: one for one in assistant.listed()}
        for refusal in report.refused:
            folders = {str(Path(path).parent) for path in listed}
            reason = refusal.reason
            for folder in folders | {str(file.parent)}:  # where they are is nobody's business
                reason = reason.replace(f"{folder}/", "")
            raise DocumentRefused(reason, "")
        return listed[str(file)]
    except BaseException:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)
        raise


def _clean(name: str) -> str:
    """The name of a file without anything that leads elsewhere. Raises DocumentRefused if it is
    of no kind that is read."""
    last = _UNNAMED.sub(" ", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = last.rpartition(".")
    kind = f"{dot}{ending}".lower()
    if kind not in READ or not stem.strip():
        raise DocumentRefused(
            f"{last or 'This'} is of a kind that is not read.",
            f"Documents may be {', '.join(READ)}.",
        )
    return stem.encode()[:_LONGEST].decode("utf-8", "ignore").strip() + kind


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in _inside(folder) if path.suffix in READ)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
