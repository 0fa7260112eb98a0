"""Accounts: who may come in, as what, and with which password."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NoReturn

from argon2 import PasswordHasher
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import AssistantError
from assistant.store.credentials import LOCAL, Passwords, key_of, key_of_new
from assistant.store.database import Database
from assistant.store.kept import drop_orphans
from assistant.store.records import Role, User
from assistant.store.tables import users

_USER = [users.c[field] for field in User.model_fields]


class AccountExists(AssistantError):
    """There is an account of that name."""


class AccountNotFound(AssistantError):
    """There is no account of that name."""


class LastAdmin(AssistantError):
    """Without this account nobody could come in as an admin."""


class Accounts:
    """The accounts of a database. Names are compared without case. Every method raises StoreError
    if the database fails. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        hasher: PasswordHasher | None = None,
    ) -> None:
        """`now` gives the time in UTC; `hasher` has the parameters of argon2id, its own if not
        given."""
        self._database = database
        self._now = now
        self._passwords = Passwords(hasher or PasswordHasher())

    def add(self, name: str, role: Role, password: str | None) -> User:
        """A new account; without a password for who comes in by other ways.

        Raises AccountNameRefused, PasswordRefused, AccountExists.
        """
        key = key_of_new(name)
        kept = None if password is None else self._passwords.hashed(password, key)
        return self._insert(key, name.strip(), role, kept)

    def all(self) -> tuple[User, ...]:
        """All accounts by name, without the local user."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*_USER).where(users.c.key != LOCAL)).all()
        return tuple(sorted(map(_user, rows), key=lambda user: key_of(user.name)))

    def exist(self) -> bool:
        """Whether there is any account, disabled ones included, beside the local user."""
        with self._database.reading() as connection:
            found = select(users.c.id).where(users.c.key != LOCAL).limit(1)
            return connection.execute(found).first() is not None

    def named(self, name: str) -> User:
        """The account of that name. Raises AccountNotFound."""
        return self._find(users.c.key == key_of(name)) or _missing(name)

    def with_id(self, user_id: str) -> User | None:
        """The user of that id, who may be the local one; None if there is none."""
        return self._find(users.c.id == user_id)

    def local(self) -> User:
        """The one user of a computer without accounts, made when first asked for."""
        of_local = users.c.key == LOCAL
        if found := self._find(of_local):
            return found
        with suppress(AccountExists):  # another was quicker
            return self._insert(LOCAL, "You", "admin", None)
        return self._find(of_local) or _missing(LOCAL)

    def disable(self, name: str) -> User:
        """Let somebody in no more, and void what was signed. Raises AccountNotFound, LastAdmin."""
        return self._change(name, stays=False, disabled=True, epoch=users.c.epoch + 1)

    def enable(self, name: str) -> User:
        """Let somebody in again. Raises AccountNotFound."""
        return self._change(name, disabled=False)

    def set_role(self, name: str, role: Role) -> User:
        """Give somebody another role. Raises AccountNotFound, LastAdmin."""
        return self._change(name, stays=role == "admin", role=role)

    def set_password(self, name: str, password: str) -> User:
        """Give somebody a new password, and void what was signed.

        Raises AccountNotFound, PasswordRefused.
        """
        key = key_of(self.named(name).name)
        kept = self._passwords.hashed(password, key)
        return self._change(name, password=kept, epoch=users.c.epoch + 1)

    def sign_out_everywhere(self, user_id: str) -> None:
        """Void what was signed for that user; nothing happens if there is none."""
        with self._database.writing() as connection:
            later = update(users).values(epoch=users.c.epoch + 1)
            connection.execute(later.where(users.c.id == user_id))

    def forget(self, user_id: str) -> None:
        """Delete that user with all conversations, feedback and the sources that nobody else
        cites; nothing happens if there is no such user.

        Raises LastAdmin.
        """
        with self._database.writing() as connection:
            _keep_an_admin(connection, users.c.id == user_id)
            connection.execute(delete(users).where(users.c.id == user_id))
            drop_orphans(connection)
        self._database.settle()

    def check(self, name: str, password: str) -> User | None:
        """The account of that name, if the password is its own and it is not disabled. Every
        refusal takes the same work, so that its time does not tell the reason.

        Raises StoreError for a hash that cannot be read.
        """
        of_nobody = self._passwords.of_nobody  # before anything is known: made the first time
        with self._database.reading() as connection:
            found = select(*_USER, users.c.password).where(users.c.key == key_of(name))
            row = connection.execute(found).one_or_none()
        kept = row.password if row else None
        fits = self._passwords.fits(kept or of_nobody, password)
        if row is None or kept is None or row.disabled or not fits:
            return None
        if renewed := self._passwords.renewed(kept, password):
            with self._database.writing() as connection:
                of_row = (users.c.id == row.id) & (users.c.password == kept)
                connection.execute(update(users).where(of_row).values(password=renewed))
        return _user(row)

    def _find(self, which: ColumnElement[bool]) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*_USER).where(which)).one_or_none()
        return None if row is None else _user(row)

    def _insert(self, key: str, name: str, role: Role, password: str | None) -> User:
        user = User(
            id=str(uuid.uuid4()), name=name, role=role, disabled=False, epoch=0, created=self._now()
        )
        row = user.model_dump() | {"key": key, "password": password}
        with self._database.writing() as connection:
            try:
                connection.execute(insert(users).values(row))
            except IntegrityError as error:
                raise AccountExists(
                    f"There is an account “{name}” already.", "Choose another name."
                ) from error
        return user

    def _change(self, name: str, stays: bool = True, **values: Any) -> User:
        """`stays` is whether who comes in as an admin still does after the change."""
        of_name = users.c.key == key_of(name)
        with self._database.writing() as connection:
            if not stays:
                _keep_an_admin(connection, of_name)
            changed = update(users).where(of_name).values(values).returning(*_USER)
            row = connection.execute(changed).one_or_none()
        return _missing(name) if row is None else _user(row)


def _keep_an_admin(connection: Connection, but: ColumnElement[bool]) -> None:
    """Raises LastAdmin if the enabled admins are that one only."""
    admins = (users.c.role == "admin") & ~users.c.disabled & (users.c.key != LOCAL)
    # The rows are held until the end, in one order: of two that disable each other one waits.
    found = select(but).where(admins).order_by(users.c.key).with_for_update()
    if connection.scalars(found).all() == [True]:
        raise LastAdmin(
            "This is the last account that can come in as an admin.",
            "Make somebody else one first: assistant user role NAME admin",
        )


def _missing(name: str) -> NoReturn:
    raise AccountNotFound(
        f"There is no account “{name.strip()}”.", "See the accounts: assistant user list"
    )


def _user(row: Any) -> User:
    return User(**{field: getattr(row, field) for field in User.model_fields})
