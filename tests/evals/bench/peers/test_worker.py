"""A stack in a process of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.bench.peers.run import WorkerFailed, asked_of_worker
from evals.bench.peers.worker import done
from tests.evals.bench.peers import scripted
from tests.evals.bench.peers.make import DOCUMENTS

ROOM = "tests.evals.bench.peers"


def task(folder: Path, do: str, module: str = "scripted") -> dict[str, Any]:
    documents = folder / "documents.json"
    documents.write_text(json.dumps(DOCUMENTS), "utf-8")
    return {
        "module": f"{ROOM}.{module}", "form": "", "weights": str(folder), "folder": str(folder),
        "corpus": [], "do": do, "documents": str(documents),
        "questions": ["Keep the core?", "Context?"], "characters": 10,
    }  # fmt: skip


def test_a_build_is_timed_and_weighed(tmp_path: Path) -> None:
    built = done(task(tmp_path, "build"), lambda _: scripted)
    assert built["chunks"] == 2
    assert 0 <= built["importing"] <= built["seconds"]
    assert built["cpu"] > 0
    assert built["memory"] > 1


def test_every_question_is_answered_and_timed_by_itself(tmp_path: Path) -> None:
    done(task(tmp_path, "build"), lambda _: scripted)
    asked = done(task(tmp_path, "ask"), lambda _: scripted)
    assert [[one.document_id for one in found] for found in asked["top"]] == [["guide"], ["other"]]
    assert len(asked["milliseconds"]) == 2
    assert asked["memory"] > 1


def test_no_more_passages_are_kept_than_fill_the_budget(tmp_path: Path) -> None:
    done(task(tmp_path, "build"), lambda _: scripted)
    both = task(tmp_path, "ask") | {"questions": ["core context"]}
    assert len(done(both, lambda _: scripted)["read"][0]) == 1
    assert len(done(both | {"characters": 10_000}, lambda _: scripted)["read"][0]) == 2


def test_a_process_answers_in_one_line_whatever_its_libraries_print(tmp_path: Path) -> None:
    assert asked_of_worker(task(tmp_path, "build"))["chunks"] == 2
    asked = asked_of_worker(task(tmp_path, "ask"))
    assert asked["top"][1] == [["other", "Context matters.", None]]
    assert asked["refused"] == []


def test_what_a_stack_wants_of_the_network_is_refused_and_told(tmp_path: Path) -> None:
    built = asked_of_worker(task(tmp_path, "build", "calling"))
    assert built["chunks"] == 2
    assert built["refused"] == ["socket.connect ('127.0.0.1', 9)"]


def test_a_stack_that_is_not_installed_is_named_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match=r"not installed \(.* is missing\): pip install '\.\[pe"):
        asked_of_worker(task(tmp_path, "build", "not_there"))


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match=r"failed: .*FileNotFoundError"):
        asked_of_worker(task(tmp_path, "ask"))
