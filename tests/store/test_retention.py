"""What is forgotten leaves nothing behind; what is given out is all there is."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from assistant.store.database import Database
from assistant.store.history import History
from assistant.store.retention import export_of, forget_before, forget_user
from assistant.store.tables import audit, cited, conversations, feedback, sources, turns, users
from tests.store.events import at, noted
from tests.store.saved import Clock, add_user, place, source, turn

MARKER = "heffalump"


@pytest.fixture
def history(database: Database) -> History:
    add_user(database, "ann")
    add_user(database, "ben")
    return History(database, Clock())


def judge(database: Database, user_id: str, turn_id: str, comment: str = "Good.") -> None:
    with database.writing() as connection:
        connection.execute(
            insert(feedback).values(
                id=f"{user_id} on {turn_id}", turn_id=turn_id, user_id=user_id, verdict="helpful",
                comment=comment, created=at(5),
            )
        )  # fmt: skip


def act(database: Database, who: str, did: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(audit).values(noted("c") | {"who": who, "did": did}))


def counts(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (conversations, turns, cited, sources, feedback)
        }


def test_conversations_that_were_not_changed_since_are_forgotten(
    database: Database, history: History
) -> None:
    history.save("ann", place("old"), turn("1"), [source("plan")])
    history.save("ben", place("older"), turn("2"), [source("team")])
    history.save("ann", place("at the moment"), turn("3"), [source("plan")])
    history.save("ben", place("older"), turn("4"))
    judge(database, "ann", "1")
    judge(database, "ben", "2")
    assert forget_before(database, at(3)) == 1
    assert history.load("ann", "old") is None
    assert counts(database) == {
        "conversations": 2, "turns": 3, "cited": 2, "sources": 2, "feedback": 1,
    }  # fmt: skip
    assert forget_before(database, at(3)) == 0
    assert forget_before(database, at(60)) == 2
    assert set(counts(database).values()) == {0}


def test_a_user_is_forgotten_and_nobody_else(database: Database, history: History) -> None:
    history.save("ann", place("a"), turn("1"), [source("plan"), source("team")])
    history.save("ann", place("b"), turn("2"))
    history.save("ben", place("c"), turn("3"), [source("plan")])
    judge(database, "ann", "1")
    judge(database, "ben", "3")
    judge(database, "ann", "3")
    act(database, "ann", "signed in")
    act(database, "ben", "signed in")
    assert forget_user(database, "ann") == 2
    assert counts(database) == {
        "conversations": 1, "turns": 1, "cited": 1, "sources": 1, "feedback": 1,
    }  # fmt: skip
    assert history.load("ben", "c") is not None
    with database.reading() as connection:
        assert set(connection.scalars(select(users.c.id))) == {"ann", "ben"}
        assert list(connection.scalars(select(audit.c.who).order_by(audit.c.id))) == ["", "ben"]
    assert forget_user(database, "ann") == 0
    assert forget_user(database, "nobody") == 0


def test_an_export_holds_everything_of_a_user_as_json(database: Database, history: History) -> None:
    history.save("ann", place("c", scope="own"), turn("1"), [source("team"), source("plan")])
    unsaid = turn("2").model_copy(update={"said": None, "kind": "other", "created": at(9)})
    history.save("ann", place("c", scope="own"), unsaid)
    history.save("ann", place("d"), turn("3"))
    judge(database, "ann", "1", "Well said.")
    act(database, "ann", "signed in")
    export = export_of(database, "ann")
    assert json.loads(json.dumps(export)) == export
    assert export["account"] == {
        "id": "ann", "key": "ann", "name": "ann", "role": "reader", "disabled": False, "epoch": 0,
        "created": "2026-03-02T09:00:00+00:00",
    }  # fmt: skip
    first, second = export["conversations"]
    said = first.pop("turns")
    assert first == {
        "id": "c", "user_id": "ann", "name": "Who helps?", "profile": "Guidance", "scope": "own",
        "created": "2026-03-02T09:01:00+00:00", "changed": "2026-03-02T09:02:00+00:00",
    }  # fmt: skip
    assert said == [
        {
            "id": "1", "reply_id": "1-reply", "place": 1, "asked": "Who helps?", "kind": "answer",
            "said": {"text": "The team."}, "shown": "The team.",
            "created": "2026-03-02T09:00:00+00:00",
            "sources": [
                {"document_id": "plan", "sha256": source("plan").sha256},
                {"document_id": "team", "sha256": source("team").sha256},
            ],
        },
        {
            "id": "2", "reply_id": "2-reply", "place": 2, "asked": "Who helps?", "kind": "other",
            "said": None, "shown": "The team.", "created": "2026-03-02T09:09:00+00:00",
            "sources": [],
        },
    ]  # fmt: skip
    assert [one["id"] for one in second["turns"]] == ["3"]
    assert export["feedback"] == [
        {
            "id": "ann on 1", "turn_id": "1", "user_id": "ann", "verdict": "helpful",
            "comment": "Well said.", "created": "2026-03-02T09:05:00+00:00",
        }
    ]  # fmt: skip
    (done,) = export["audit"]
    assert (done["who"], done["did"], done["what"]) == ("ann", "signed in", "c")
    assert done["at"] == "2026-03-02T09:00:00+00:00"


def test_an_export_holds_nothing_of_another(database: Database, history: History) -> None:
    history.save("ben", place("c"), turn("1", asked=MARKER, shown=MARKER), [source(MARKER)])
    judge(database, "ben", "1", MARKER)
    act(database, "ben", MARKER)
    export = export_of(database, "ann")
    assert MARKER not in json.dumps(export)
    assert [export[part] for part in ("conversations", "feedback", "audit")] == [[], [], []]
    assert MARKER in json.dumps(export_of(database, "ben"))


def test_an_export_of_nobody_is_empty(database: Database, history: History) -> None:
    history.save("ben", place("c"), turn("1"))
    nothing: dict[str, Any] = {"account": None, "conversations": [], "feedback": [], "audit": []}
    assert export_of(database, "nobody") == nothing


def test_no_password_leaves_with_an_export(database: Database, history: History) -> None:
    assert "a hash" not in json.dumps(export_of(database, "ann"))


@pytest.mark.parametrize("way", ["one", "all", "old", "user"])
def test_of_what_was_deleted_nothing_is_left_in_the_files_of_sqlite(
    tmp_path: Path, way: str
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    add_user(database, "ann")
    history = History(database, Clock())
    history.save("ann", place("kept"), turn("0"))
    for n in range(5):
        long = f"{MARKER} {n} " * (1 if n else 2000)  # of several pages as well
        unseen = source(f"{MARKER}{n}", "Plan early.")
        history.save("ann", place("c"), turn(f"{n + 1}", asked=long, shown=long), [unseen])
        judge(database, "ann", f"{n + 1}", long)
    history.rename("ann", "c", MARKER)

    def left() -> bool:
        return any(MARKER.encode() in path.read_bytes() for path in tmp_path.iterdir())

    assert left()
    if way == "one":
        assert history.delete("ann", "c")
    elif way == "all":
        assert history.delete_all("ann") == 2
    elif way == "old":
        assert forget_before(database, at(60)) == 2
    else:
        assert forget_user(database, "ann") == 2
    assert not left()
    assert (history.load("ann", "kept") is None) == (way != "one")
    database.close()
    assert not left()
