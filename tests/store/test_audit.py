"""Who did what."""

from datetime import datetime, timedelta, timezone
from typing import get_args

from assistant.store.audit import Audit, AuditEntry, Did
from assistant.store.database import Database
from assistant.store.tables import audit as table
from tests.store.events import at


def audit_of(database: Database, *minutes: float) -> Audit:
    """An audit whose acts are noted at those minutes, one after the other."""
    moments = iter(minutes)
    return Audit(database, now=lambda: at(next(moments)))


def test_the_newest_acts_come_first(database: Database) -> None:
    audit = audit_of(database, 1, 3, 2)
    audit.note("ada", "signed in")
    audit.note("", "added user", "bob")
    audit.note("ada", "deleted conversation", "c1")
    assert audit.entries() == (
        AuditEntry(at=at(3), who="", did="added user", what="bob"),
        AuditEntry(at=at(2), who="ada", did="deleted conversation", what="c1"),
        AuditEntry(at=at(1), who="ada", did="signed in", what=""),
    )


def test_of_acts_at_one_time_the_last_noted_comes_first(database: Database) -> None:
    audit = audit_of(database, 1, 1, 1)
    for name in "abc":
        audit.note(name, "signed in")
    assert [entry.who for entry in audit.entries()] == ["c", "b", "a"]


def test_no_more_are_given_than_asked_for_and_none_from_before(database: Database) -> None:
    audit = audit_of(database, *range(5))
    for name in "abcde":
        audit.note(name, "signed in")
    assert [entry.who for entry in audit.entries(limit=2)] == ["e", "d"]
    assert [entry.who for entry in audit.entries(since=at(3))] == ["e", "d"]
    assert [entry.who for entry in audit.entries(1, since=at(3))] == ["e"]
    elsewhere = at(3).astimezone(timezone(timedelta(hours=5)))
    assert [entry.who for entry in audit.entries(since=elsewhere)] == ["e", "d"]
    assert audit.entries(since=at(5)) == ()


def test_what_is_older_is_forgotten_and_counted(database: Database) -> None:
    audit = audit_of(database, *range(4))
    for name in "abcd":
        audit.note(name, "signed in")
    assert audit.forget_before(at(2)) == 2
    assert [entry.who for entry in audit.entries()] == ["d", "c"]
    assert audit.forget_before(at(2)) == 0


def test_every_act_has_room_in_its_column(database: Database) -> None:
    acts: tuple[Did, ...] = get_args(Did)
    audit = audit_of(database, *range(len(acts)))
    for act in acts:
        audit.note("a" * 36, act, "b" * 36)
    assert [entry.did for entry in audit.entries()] == list(reversed(acts))
    assert max(map(len, acts)) <= 40


def test_of_what_is_too_long_its_beginning_is_kept(database: Database) -> None:
    audit = audit_of(database, 1)
    audit.note("ada", "uploaded", "a" * 200 + "b")
    (entry,) = audit.entries()
    assert entry.what == "a" * 200
    assert getattr(table.c.what.type, "length", None) == 200


def test_without_a_clock_the_time_is_now(database: Database) -> None:
    audit = Audit(database)
    audit.note("ada", "signed in")
    (entry,) = audit.entries()
    assert timedelta(0) <= datetime.now(entry.at.tzinfo) - entry.at < timedelta(minutes=1)
