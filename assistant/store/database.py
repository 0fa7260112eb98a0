"""The database: SQLite in a file, or PostgreSQL. Opened at its newest version."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from assistant.errors import AssistantError, SettingsError, StorageFull

_MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT = 10.0  # seconds for a lock, or for a connection of the pool
_AT_ONCE = 10  # connections
_LOCK = 0x617373697374  # "assist": which of PostgreSQL's advisory locks guards a migration
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_FULL = ("53100",)  # PostgreSQL's code for a disk without room


class StoreError(AssistantError):
    """Conversations, accounts or feedback cannot be read or written. Nothing was changed."""


class StoreUnreachable(StoreError):
    """The database does not answer."""


class StoreOutdated(StoreError):
    """A newer version of the product has written the database."""


class Database:
    """Gives transactions. Safe to share between threads."""

    def __init__(self, url: str, wait: float = _WAIT) -> None:
        """Open it, creating it or bringing it to the newest version first. `url` is
        `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`; `wait` is for others, in
        seconds.

        Raises SettingsError, StoreError, StorageFull.
        """
        self._engine = _engine_of(url, wait)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What is read belongs together. Raises StoreError."""
        engine = self._engine
        if engine.dialect.name == "postgresql":  # SQLite does so by itself
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _store_errors(engine), engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of it is written, or nothing if something goes wrong. Raises StoreError,
        StorageFull."""
        engine = self._engine.execution_options(writes=True)
        with _store_errors(engine), engine.begin() as connection:
            yield connection

    def settle(self) -> bool:
        """After a deletion: let nothing of what was deleted stay in SQLite's log beside the file.
        Waits for those who read; False if they take too long, and then the next time does it.
        PostgreSQL sees to it itself. Raises StoreError, StorageFull."""
        engine = self._engine.execution_options(outside=True)
        if engine.dialect.name != "sqlite":
            return True
        with _store_errors(engine), engine.connect() as connection:
            held, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not held

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":  # of two servers one goes first
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreOutdated(
                    f"The database was written by a newer version: {error}.",
                    "Install that version, or name another database in ASSISTANT_DATABASE_URL.",
                ) from error


def _engine_of(url: str, wait: float) -> Engine:
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername]
        parsed = parsed.set(drivername=driver)
        if driver == "sqlite":
            # Absolute: later connections may be made in another working directory.
            parsed = parsed.set(database=str(_make_file(parsed.database)))
            return _prepared(
                create_engine(
                    parsed, connect_args={"timeout": wait}, pool_size=_AT_ONCE, max_overflow=0,
                    pool_timeout=wait, hide_parameters=True,
                )
            )  # fmt: skip
        return create_engine(
            parsed, connect_args={"connect_timeout": int(wait)}, pool_size=_AT_ONCE, max_overflow=0,
            pool_timeout=wait, pool_pre_ping=True, hide_parameters=True,
        )  # fmt: skip
    except (ArgumentError, KeyError) as error:
        raise SettingsError(
            "ASSISTANT_DATABASE_URL names no database that can be used.",
            "It looks like sqlite:////home/me/history.db or postgresql://user:password@host/name.",
        ) from error
    except (NoSuchModuleError, ImportError) as error:
        raise SettingsError(
            "The driver for PostgreSQL is not installed.",
            'Install it with: pip install "implementation-assistant[postgresql]"',
        ) from error


def _make_file(database: str | None) -> Path:
    """The file at its absolute path. Only its owner may read what people said."""
    if not database or database == ":memory:":
        raise ArgumentError("no file is named")
    file = Path(database).absolute()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise StoreUnreachable(
            f"{database} cannot be written: {error}.",
            "Name another file in ASSISTANT_DATABASE_URL.",
        ) from error
    return file


def _prepared(engine: Engine) -> Engine:
    """SQLite with real transactions: its driver begins them late, and two writers would meet."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is not left in the file

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("outside"):  # of any transaction
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


@contextmanager
def _store_errors(engine: Engine) -> Iterator[None]:
    """What goes wrong, in words without content: SQLAlchemy's own give the values."""
    try:
        yield
    except DBAPIError as error:
        raise _named(engine, error) from error
    except SQLAlchemyError as error:
        raise StoreUnreachable(
            f"The database at {_place(engine)} does not answer ({type(error).__name__}).",
            "Try again. If it stays so, look whether it runs and has room.",
        ) from error


def _named(engine: Engine, error: DBAPIError) -> AssistantError:
    cause, place = error.orig, _place(engine)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    if code == "SQLITE_FULL" or code in _FULL:
        return StorageFull(f"There is no room for {place}.", "Make room on the disk and try again.")
    if code in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        return StoreError(f"{place} is damaged.", "Put back a copy of it, or move it away.")
    return StoreUnreachable(
        f"The database at {place} cannot be used ({code or type(cause).__name__}).",
        "Look whether it runs, may be written and has room, and try again.",
    )


def _place(engine: Engine) -> str:
    """Where the database is, without a password."""
    url = engine.url
    return str(url.database) if url.drivername == "sqlite" else f"{url.host or 'this computer'}"
