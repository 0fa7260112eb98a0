"""SQLite and PostgreSQL behind one door."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, select, text

from assistant.errors import SettingsError
from assistant.store.database import Database, StoreError, StoreOutdated, StoreUnreachable
from assistant.store.tables import audit, metadata
from tests.store.events import at, noted


def test_an_opened_database_has_the_tables_and_can_be_opened_again(address: str) -> None:
    for _ in range(2):
        database = Database(address)
        with database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        database.close()


def test_what_is_written_is_there_for_the_next(address: str) -> None:
    database = Database(address)
    with database.writing() as connection:
        connection.execute(insert(audit).values(**noted("a")))
    database.close()
    database = Database(address)
    with database.reading() as connection:
        (row,) = connection.execute(select(audit.c.what, audit.c.at))
    assert (row.what, row.at) == ("a", at(0))
    database.close()


def test_of_what_goes_wrong_half_way_nothing_is_kept(database: Database) -> None:
    def write() -> None:
        with database.writing() as connection:
            connection.execute(insert(audit).values(**noted("a")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    with database.reading() as connection:
        assert connection.execute(select(audit)).all() == []


def test_writers_wait_for_each_other(database: Database) -> None:
    def write(name: str) -> None:
        with database.writing() as connection:
            seen = len(connection.execute(select(audit)).all())
            connection.execute(insert(audit).values(**noted(f"{name} {seen}")))

    writers = [threading.Thread(target=write, args=(f"{n}",)) for n in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as connection:
        assert len(connection.execute(select(audit)).all()) == 20


def test_of_two_that_open_an_empty_database_one_waits(address: str) -> None:
    opened: list[Database] = []
    openers = [threading.Thread(target=lambda: opened.append(Database(address))) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert len(opened) == 4
    for database in opened:
        database.close()


def test_a_newer_database_is_left_alone(address: str) -> None:
    database = Database(address)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreOutdated, match="newer version"):
        Database(address)


@pytest.mark.parametrize(
    "url", ["", "history.db", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///a"]
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_DATABASE_URL"):
        Database(url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnreachable) as caught:
        Database("postgresql://me:hush@127.0.0.1:1/name")
    assert "127.0.0.1" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_text("no database " * 1000)
    with pytest.raises(StoreError, match=r"history\.db is damaged"):
        Database(f"sqlite:///{path}")
    assert path.read_text().startswith("no database")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnreachable, match="file"):
        Database(f"sqlite:///{tmp_path}/file/history.db")


def test_a_file_named_from_the_working_directory_stays_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database("sqlite:///history.db")
    here = Path.cwd()
    monkeypatch.chdir("/")
    with database.reading() as one, database.reading() as other:  # more connections than one
        assert one.execute(select(audit)).all() == other.execute(select(audit)).all() == []
    database.close()
    assert (here / "history.db").exists()
    assert not Path("/history.db").exists()


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "history.db"
    Database(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_somebody_said_is_in_no_message_of_what_went_wrong(database: Database) -> None:
    rows = [noted("a secret") | {"id": 1}] * 2
    with pytest.raises(StoreError) as caught, database.writing() as connection:
        connection.execute(insert(audit), rows)
    shown = str(caught.value) + str(caught.value.__cause__)
    assert "secret" not in shown


def test_a_database_that_another_process_holds_is_said_to_be_in_use(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    database = Database(f"sqlite:///{path}", wait=0.1)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnreachable, match="SQLITE_BUSY"), database.writing():
            pass
    database.close()


def test_what_was_deleted_is_in_no_file_of_sqlite_once_it_is_settled(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    with database.writing() as connection:
        connection.execute(insert(audit), [noted(f"a marker {n} " * 10) for n in range(100)])
    with database.writing() as connection:
        connection.execute(delete(audit))
    assert b"a marker" in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert database.settle()
    assert b"a marker" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    database.close()


def test_settling_says_when_somebody_reads_for_too_long(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}", wait=0.1)
    with database.reading() as reader:
        reader.execute(select(audit))
        with database.writing() as connection:
            connection.execute(insert(audit).values(**noted("a")))
        assert not database.settle()
    assert database.settle()
    database.close()


def test_every_database_can_be_settled(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(audit).values(**noted("a")))
    assert database.settle()
    with database.reading() as connection:
        assert connection.scalar(select(audit.c.what)) == "a"


def test_a_database_that_cannot_be_settled_says_so(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    database = Database(f"sqlite:///{path}")
    database.close()
    path.write_text("no database " * 1000)
    with pytest.raises(StoreError, match=r"history\.db is damaged"):
        database.settle()
    database.close()
