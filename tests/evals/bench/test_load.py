"""The load of the chat: what is computed of it, and that it is put on a real chat."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant.store.history import Place
from assistant.store.records import Turn
from assistant.store.store import Store, open_store
from evals.__main__ import app
from evals.bench.history import kept_turns, refuse_used, size_of
from evals.bench.limits import beyond, is_flat, load_table
from evals.bench.load import losses, run_load_bench
from evals.bench.readers import Asked
from evals.bench.server import BenchFailed
from evals.cases import read_datasets
from evals.common import DATASETS
from tests.store.postgres import emptied, postgres, postgres_programs

FOUND: dict[str, Any] = {
    "readers": 200, "minutes": 10.0, "database": "sqlite", "questions": 5990, "errors": {},
    "answer_ms": [80.5, 410.0, 900.5], "kept_ms": [6.5, 40.0],
    "memory_mib": [700.0, 710.0, 730.0], "growth_mib": 30.0,
    "database_mb": 41.5, "unread": 30, "closed_after": 45.5, "dropped": 120,
    "dropped_unanswered": 60,
    "killed": {
        "answered": 6050, "in_flight": 130, "lost_in_flight": 2, "lost": 0, "taken_up": 30,
    },
}  # fmt: skip


def test_the_table_has_every_measurement_beside_its_limit() -> None:
    found = FOUND | {"errors": {"Nothing came within 60 s.": 3}}
    assert [" ".join(line.split()) for line in load_table(found).split("\n")] == [
        "200 readers for 10.0 min: questions 5990",
        "errors 3 0",
        "Nothing came within 60 s. 3",
        "whole answer p50, p95, p99 (ms) [80.5, 410.0, 900.5] p95 <= 1500",
        "from then until it is kept p50, p95 (ms) [6.5, 40.0]",
        "memory at every minute (MiB) [700.0, 710.0, 730.0] flat",
        "growth from the first minute to the end (MiB) 30.0",
        "database, sqlite (MB) 41.5",
        "questions of a page that reads nothing 30 closed after 45.5 s",
        "pages dropped, before their whole answer 120, 60",
        "killed: turns answered, in flight 6050, 130",
        "answered but not kept, in flight 2",
        "answered but not kept beyond these 0 0",
        "turns of a conversation taken up again 30",
        "beyond the limits errors",
    ]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, []),
        ({"errors": {"OSError: gone": 1}}, ["errors"]),
        ({"answer_ms": [80.0, 1500.0, 9000.0]}, []),
        ({"answer_ms": [80.0, 1500.1, 1600.0]}, ["answers"]),
        ({"answer_ms": []}, ["answers"]),
        ({"memory_mib": [700.0, 710.0, 800.0]}, ["memory"]),
        ({"killed": FOUND["killed"] | {"lost": 1}}, ["lost"]),
        ({"killed": FOUND["killed"] | {"lost_in_flight": 9}}, []),
    ],
)
def test_what_is_beyond_a_limit_is_named(change: dict[str, Any], named: list[str]) -> None:
    assert beyond(FOUND | change) == named


@pytest.mark.parametrize(
    ("memory", "flat"),
    [
        ([100.0, 900.0], None),  # two minutes have nothing to compare the second with
        ([100.0, 1000.0, 1069.0], True),  # 5 in 100, and 20 MB, which are 19.07 MiB
        ([100.0, 1000.0, 1069.1, 1000.0], False),
        ([9000.0, 1000.0, 900.0], True),
    ],
)
def test_memory_is_flat_by_what_it_is_from_the_second_minute_on(
    memory: list[float], flat: bool | None
) -> None:
    assert is_flat(memory) is flat


def _asked(name: str, answered: bool, ended: bool, problem: str = "") -> Asked:
    return Asked(
        name, 0.0, answered=1.0 if answered else None, ended=2.0 if ended else None,
        problem=problem,
    )  # fmt: skip


def test_an_answered_turn_that_is_not_kept_is_lost_unless_it_was_in_flight() -> None:
    early = [_asked("a", True, True), _asked("b", True, True)]
    last = [_asked("c", True, False), _asked("d", False, False), _asked("e", True, True)]
    assert losses([*early, *last], last, {"a"}) == {
        "answered": 4, "in_flight": 2, "lost_in_flight": 1, "lost": 2,
    }  # fmt: skip


def test_one_that_never_came_to_an_end_long_before_was_not_in_flight() -> None:
    early = [_asked("a", True, False)]
    assert losses(early, [], set())["lost"] == 1


def test_what_was_no_answer_is_an_error_and_not_lost() -> None:
    failed = [_asked("a", True, True, "No answer: it broke")]
    assert losses(failed, failed, set())["lost"] == 0


_questions = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=20)


@given(early=_questions, late=_questions)
def test_no_more_are_lost_in_flight_than_were_in_flight(
    early: list[tuple[bool, bool, bool]], late: list[tuple[bool, bool, bool]]
) -> None:
    flags = [*early, *late]
    asked = [_asked(str(n), answered, ended) for n, (answered, ended, _) in enumerate(flags)]
    kept = {str(n) for n, (_, _, is_kept) in enumerate(flags) if is_kept}
    found = losses(asked, asked[len(early) :], kept)
    missing = sum(answered and not is_kept for answered, _, is_kept in flags)
    assert found["lost_in_flight"] <= found["in_flight"]
    assert found["lost"] + found["lost_in_flight"] == missing


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'history.db'}"
        return
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not here.")
    with postgres(programs) as address:
        yield emptied(address)


def _keep(store: Store, conversation: str, *turns: str) -> None:
    for turn in turns:
        store.history.save(
            store.accounts.local().id,
            Place(id=conversation, profile="", scope=""),
            Turn(
                id=turn, reply_id=f"reply to {turn}", asked="Who coaches?", kind="other",
                said=None, shown="Somebody.", created=datetime.now(UTC),
            ),
        )  # fmt: skip


def test_all_turns_of_all_conversations_are_found_whatever_a_page_holds(url: str) -> None:
    refuse_used(url)
    store = open_store(url)
    for n in range(101):
        _keep(store, f"conversation {n}", f"turn {n}")
    _keep(store, "conversation 7", "another")
    store.close()
    kept = kept_turns(url)
    assert len(kept) == 101
    assert kept["conversation 7"] == {"turn 7", "another"}
    assert size_of(url) > 0.05


def test_a_database_in_which_somebody_has_said_something_is_refused(url: str) -> None:
    store = open_store(url)
    _keep(store, "conversation", "turn")
    store.close()
    with pytest.raises(BenchFailed, match="holds accounts or conversations"):
        refuse_used(url)


def test_a_database_with_an_account_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'history.db'}"
    store = open_store(url)
    store.accounts.add("ana", "admin", None)
    store.close()
    with pytest.raises(BenchFailed, match="Name an empty one"):
        run_load_bench(tmp_path / "no-index", ["Who coaches?"], 1, 1, url)


class _Opened:
    """An index without documents, in the place of an open one."""

    index_folder = Path("an-index")

    def documents(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the command would have run."""
    calls: list[tuple[Any, ...]] = []

    def run(*wanted: Any) -> dict[str, Any]:
        calls.append(wanted)
        return FOUND | {"errors": {"OSError: gone": 1}}

    monkeypatch.setattr("evals.bench.command.opened_over", lambda _: nullcontext(_Opened()))
    monkeypatch.setattr("evals.bench.load.run_load_bench", run)
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)
    return calls


def test_the_command_asks_the_dev_questions_that_need_no_earlier_ones(
    ran: list[tuple[Any, ...]],
) -> None:
    done = CliRunner().invoke(app, ["bench", "--load"])
    assert done.exit_code == 0
    assert done.stdout.strip() == load_table(FOUND | {"errors": {"OSError: gone": 1}})
    ((index, questions, readers, minutes, database),) = ran
    assert (index, readers, minutes, database) == (Path("an-index"), 200, 10, "")
    by_question = {case.question: case for case in read_datasets(sorted(DATASETS.glob("*.yaml")))}
    assert {by_question[question].split for question in questions} == {"dev"}
    assert not any(by_question[question].history for question in questions)
    assert len(questions) == len(set(questions)) >= 10


def test_the_command_takes_its_bounds_and_its_database_also_from_the_environment(
    ran: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://127.0.0.1/load")
    done = CliRunner().invoke(
        app, ["bench", "--load", "--readers", "3", "--minutes", "0.5", "--json"]
    )
    assert json.loads(done.stdout)["beyond"] == ["errors"]
    assert ran[0][2:] == (3, 0.5, "postgresql://127.0.0.1/load")


@pytest.mark.parametrize("bound", [("--readers", "501"), ("--minutes", "61"), ("--readers", "0")])
def test_the_command_is_bounded(ran: list[tuple[Any, ...]], bound: tuple[str, str]) -> None:
    assert CliRunner().invoke(app, ["bench", "--load", *bound]).exit_code == 2
    assert ran == []


@pytest.mark.slow
def test_a_real_chat_is_loaded_killed_and_taken_up_again(
    library_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.crowd.EVERY", 2.0)
    monkeypatch.setattr("evals.bench.load.MINUTE", 4.0)
    monkeypatch.setattr("evals.bench.harm.SLOW", 6.0)
    monkeypatch.setattr("evals.bench.harm.DROP_EVERY", 3.0)
    asked = ["Should we scale up or scale out?", "Who should be on the implementation team?"]
    found = run_load_bench(library_index, asked, readers=5, minutes=10 / 60)
    assert found["errors"] == {}
    assert found["questions"] >= 5
    assert len(found["answer_ms"]) == len(found["memory_mib"]) == 3
    assert found["answer_ms"] == sorted(found["answer_ms"])
    assert len(found["kept_ms"]) == 2
    assert min(found["kept_ms"]) > 0
    assert found["unread"] >= 1
    assert found["dropped"] >= 2
    killed = found["killed"]
    assert killed["answered"] >= found["questions"]
    assert killed["lost"] == 0
    assert killed["in_flight"] >= 1
    assert killed["taken_up"] >= 1
    assert found["database_mb"] > 0


def test_nothing_of_a_run_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_NONSENSE", "1")
    with pytest.raises(BenchFailed, match=r"did not start: .*ASSISTANT_NONSENSE"):
        run_load_bench(tmp_path / "no-index", ["Who coaches?"], 1, 1)
    assert list(tmp_path.iterdir()) == []
