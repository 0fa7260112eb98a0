"""Sources are kept for as long as a saved answer cites them, for those whose answer it is."""

import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, update

from assistant.records import Source
from assistant.store.database import Database
from assistant.store.history import History
from assistant.store.kept import KeptSources
from assistant.store.tables import cited, sources
from tests.store.saved import add_user, place, source, turn


def kept_ids(database: Database) -> list[str]:
    with database.reading() as connection:
        return sorted(connection.scalars(select(sources.c.document_id)))


@pytest.fixture
def history(database: Database) -> History:
    add_user(database, "ann")
    add_user(database, "ben")
    return History(database)


def found(database: Database, user_id: str, one: Source) -> Source | None:
    return KeptSources(database).find(user_id, one.document_id, one.sha256[:16])


def test_a_kept_source_is_given_whole(database: Database, history: History) -> None:
    plan = source("plan", "Plan early — and “often”.")
    history.save("ann", place("c"), turn("t"), [plan])
    assert found(database, "ann", plan) == plan
    assert KeptSources(database).find("ann", "plan", plan.sha256) == plan


def test_only_who_has_a_turn_that_cites_it_finds_it(database: Database, history: History) -> None:
    plan, team = source("plan"), source("team")
    history.save("ann", place("a"), turn("t"), [plan])
    history.save("ben", place("b"), turn("u"), [team])
    assert found(database, "ben", plan) is None
    assert found(database, "ann", team) is None
    assert found(database, "nobody", plan) is None
    history.save("ben", place("b"), turn("v"), [plan])
    assert found(database, "ben", plan) == plan


def test_each_version_of_a_document_is_kept_once(database: Database, history: History) -> None:
    old, new = source("plan", "Plan early."), source("plan", "Plan late.")
    history.save("ann", place("a"), turn("t"), [old, old])
    history.save("ann", place("a"), turn("u"), [old, new])
    history.save("ben", place("b"), turn("v"), [new])
    assert kept_ids(database) == ["plan", "plan"]
    assert found(database, "ann", old) == old
    assert found(database, "ann", new) == new
    assert found(database, "ben", old) is None


def test_a_version_that_is_none_finds_nothing(database: Database, history: History) -> None:
    plan = source("plan")
    history.save("ann", place("a"), turn("t"), [plan])
    assert KeptSources(database).find("ann", "plan", plan.sha256[:12]) == plan
    for version in (
        "", "{sha:.11}", "{sha:.15}%", "{sha:.11}_", "x{sha:.15}", "{sha:.16}\n", "{sha}0",
        "%%%%%%%%%%%%", "0123456789ab",
    ):  # fmt: skip
        tried = version.format(sha=plan.sha256)
        assert KeptSources(database).find("ann", "plan", tried) is None, version


def test_a_document_is_found_by_its_whole_id(database: Database, history: History) -> None:
    plan = source("plan")
    history.save("ann", place("a"), turn("t"), [plan])
    for document_id in ("", "pla", "plan%", "pl\0an", "Plan"):
        assert KeptSources(database).find("ann", document_id, plan.sha256) is None, document_id


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(b'{"document_id": "plan", "colour": "red"}'),
        zlib.compress(b"\xff"),
        b"not packed",
    ],
    ids=["older", "no text", "damaged"],
)
def test_what_is_not_read_any_more_is_as_if_not_there_until_it_is_cited_again(
    database: Database, history: History, packed: bytes
) -> None:
    plan = source("plan")
    history.save("ann", place("a"), turn("t"), [plan])
    with database.writing() as connection:
        connection.execute(update(sources).values(packed=packed))
    assert found(database, "ann", plan) is None
    history.save("ann", place("a"), turn("u"), [plan])
    assert found(database, "ann", plan) == plan
    assert kept_ids(database) == ["plan"]


def test_a_citation_without_its_source_finds_nothing(database: Database, history: History) -> None:
    history.save("ann", place("a"), turn("t"))
    plan = source("plan")
    with database.writing() as connection:
        connection.execute(
            insert(cited).values(turn_id="t", document_id="plan", sha256=plan.sha256)
        )
    assert found(database, "ann", plan) is None


def test_a_source_goes_with_the_last_turn_that_cites_it(
    database: Database, history: History
) -> None:
    history.save("ann", place("a"), turn("t"), [source("plan"), source("team")])
    history.save("ben", place("b"), turn("u"), [source("plan")])
    history.delete("ann", "a")
    assert kept_ids(database) == ["plan"]
    history.delete_all("ben")
    assert kept_ids(database) == []


def test_a_turn_that_is_saved_again_cites_what_it_cites_now(
    database: Database, history: History
) -> None:
    history.save("ann", place("a"), turn("t"), [source("plan"), source("team")])
    history.save("ann", place("a"), turn("t"), [source("team"), source("time")])
    assert kept_ids(database) == ["team", "time"]
    history.save("ann", place("a"), turn("t"))
    assert kept_ids(database) == []


def test_none_is_dropped_that_another_is_about_to_cite(
    database: Database, history: History
) -> None:
    plan = source("plan")

    def come_and_go(user_id: str, stays: str) -> None:
        history.save(user_id, place(stays), turn(stays), [])
        for n in range(15):
            history.save(user_id, place(f"{user_id}{n}"), turn(f"{user_id}{n}"), [plan])
            history.save(user_id, place(stays), turn(f"{stays}{n}"), [plan])
            history.delete(user_id, f"{user_id}{n}")
            assert found(database, user_id, plan) == plan
            history.save(user_id, place(stays), turn(f"{stays}{n}"), [])
        history.save(user_id, place(stays), turn(stays), [plan])

    with ThreadPoolExecutor() as pool:
        list(pool.map(come_and_go, ("ann", "ben"), ("a", "b")))
    assert found(database, "ann", plan) == found(database, "ben", plan) == plan
