"""Documents that readers add to a conversation: where they are, and who may ask them.

Each conversation with documents has a copy of the index, with them in it. Nobody else's questions
ever meet them, since they are searched in another index. The copy is made anew from the files when
it is missing or the index has changed.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from assistant.app import Assistant
from assistant.chat.added_file import clean_name, keep_file
from assistant.chat.copies import Copies
from assistant.chat.tickets import Talk, Tickets
from assistant.errors import AssistantError, DocumentNotFound
from assistant.library.reading import READ
from assistant.records import Source
from assistant.store.throttle import Throttle

_OF_USER = 50  # documents in all conversations of a user
_AN_HOUR = 20  # documents of a user
_GRACE = 24 * 3600.0  # seconds until documents are deleted of a conversation that nobody keeps


class UploadRefused(AssistantError):
    """A document is not taken."""


class Uploads:
    """The documents of all conversations, in one folder. Safe to share between threads."""

    def __init__(
        self, folder: Path, largest: int, most: int, clock: Callable[[], float] = time.time
    ) -> None:
        """`largest` is in bytes of a document, `most` how many a conversation may have; `clock`
        gives seconds since 1970. `tickets` let a page add one document each."""
        self.largest = largest
        self.tickets = Tickets(clock)
        self._folder = folder
        self._most = most
        self._clock = clock
        self._rate = Throttle(_AN_HOUR, 3600, clock)
        self._copies = Copies()
        self._lock = threading.Lock()
        self._turns: dict[Talk, threading.Lock] = {}

    # --- who may add what --------------------------------------------------------------

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
            file = files / clean_name(name)
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
            return keep_file(base, base.given_folder / clean_name(name), data).title

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
            self._copies.close(talk)
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
        self._copies.close_all()

    # --- indexes and folders -----------------------------------------------------------

    @contextmanager
    def _opened_for(self, base: Assistant, talk: Talk) -> Iterator[Assistant]:
        """The assistant of a conversation. In its turn only."""

        def make() -> Assistant:
            assistant = base.beside(self._place(talk) / "index")
            try:
                if files := _files_in(self._files(talk)):
                    assistant.take_in(files)
                    self._note(talk, assistant)
            except BaseException:
                assistant.close_copy()
                raise
            return assistant

        with self._copies.using(talk, base.contents, make) as assistant:
            yield assistant

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


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in _inside(folder) if path.suffix in READ)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
