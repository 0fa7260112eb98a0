"""What Chainlit asks of a data layer, answered from the store.

Chainlit writes step by step, in tasks of its own whose failures nobody sees. Here a turn is kept
as a whole by who has answered it, so that what Chainlit would write is let pass.
"""

from typing import Any, NoReturn

from chainlit.data.base import BaseDataLayer
from chainlit.types import Feedback, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from assistant.chat.saving import thread_of
from assistant.chat.waiting import in_store
from assistant.store.store import Store


class Layer(BaseDataLayer):
    """Users and conversations for Chainlit's socket. Its routes for them are not served."""

    def __init__(self, store: Store, assistant: str) -> None:
        """Replies are by `assistant`."""
        self._store = store
        self._assistant = assistant

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """Somebody who has come in."""
        known = await in_store(self._store.accounts.with_id, identifier)
        if known is None:
            return None
        created = known.created.isoformat()
        return PersistedUser(id=known.id, identifier=known.id, createdAt=created)

    async def create_user(self, user: User) -> PersistedUser | None:
        """Nobody is made here: accounts are added by whoever runs the server."""
        return await self.get_user(user.identifier)

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """A conversation; whose it is stands in it."""

        def load() -> ThreadDict | None:
            owner = self._store.history.owner(thread_id)
            saved = self._store.history.load(owner, thread_id) if owner else None
            return thread_of(saved, self._assistant) if saved else None  # type: ignore[return-value]

        return await in_store(load)

    async def get_thread_author(self, thread_id: str) -> str:
        """The id of whose conversation it is; empty if there is none."""
        return await in_store(self._store.history.owner, thread_id) or ""

    async def update_thread(
        self, thread_id: str, name: str | None = None, user_id: str | None = None,
        metadata: dict[str, Any] | None = None, tags: list[str] | None = None,
    ) -> None:  # fmt: skip
        """Let pass: a conversation is kept with its first turn."""

    async def create_step(self, step_dict: Any) -> None:
        """Let pass."""

    async def update_step(self, step_dict: Any) -> None:
        """Let pass."""

    async def delete_step(self, step_id: str) -> None:
        """Let pass."""

    async def create_element(self, element: Any) -> None:
        """Let pass: what is shown beside an answer is made anew from what it cites."""

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Let pass."""

    async def get_element(self, thread_id: str, element_id: str) -> None:
        """There are none."""

    async def build_debug_url(self) -> str:
        """There is none."""
        return ""

    async def close(self) -> None:
        """The store is closed by who has opened it."""

    async def delete_thread(self, thread_id: str) -> NoReturn:
        """Not served."""
        raise NotImplementedError

    async def list_threads(
        self, pagination: Pagination, filters: ThreadFilter
    ) -> PaginatedResponse[ThreadDict]:
        """Not served."""
        raise NotImplementedError

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Not served."""
        raise NotImplementedError

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Not served."""
        raise NotImplementedError

    async def get_favorite_steps(self, user_id: str) -> list[Any]:
        """There are none."""
        return []
