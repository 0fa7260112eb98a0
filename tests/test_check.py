"""What the doctor says of language models. Its other checks are seen from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.check import check_installation
from assistant.records import Check
from tests.models.scripted_model import ScriptedModel, says, status


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel(says("Ready.")) as server:
        yield server


def checked(name: str, tmp_path: Path) -> Check:
    """The check of that name, of an installation without an index."""
    (found,) = [one for one in check_installation(tmp_path) if one.name == name]
    return found


def test_without_a_model_nothing_is_asked_and_all_is_well(tmp_path: Path) -> None:
    found = checked("language model", tmp_path)
    assert (found.state, found.detail) == ("ok", "none: answers are quoted")


def test_a_model_that_answers_is_named_with_its_place_and_its_words(
    server: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", "openai-like:scripted")
    monkeypatch.setenv("ASSISTANT_MODEL_URL", server.address)
    found = checked("language model", tmp_path)
    assert found.state == "ok"
    assert found.detail.startswith("openai-like:scripted at this computer answers “Ready.”")


def test_a_model_that_does_not_answer_is_a_problem_with_its_remedy(
    server: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.does(status(401))
    monkeypatch.setenv("ASSISTANT_MODEL", "openai-like:scripted")
    monkeypatch.setenv("ASSISTANT_MODEL_URL", server.address)
    monkeypatch.setenv("ASSISTANT_MODEL_KEY", "a secret")
    found = checked("language model", tmp_path)
    assert (found.state, found.remedy) == ("problem", "Correct ASSISTANT_MODEL_KEY.")
    assert "a secret" not in found.detail


def test_a_second_opinion_that_cannot_be_loaded_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_SECOND_OPINION", str(tmp_path / "nothing"))
    found = checked("second opinion", tmp_path)
    assert found.state == "problem"
    assert "ASSISTANT_SECOND_OPINION" in found.remedy


def test_it_says_whether_the_embedding_model_loads_at_once(
    library_index: Path, tmp_path: Path
) -> None:
    def said(index: Path) -> str:
        (found,) = (c for c in check_installation(index) if c.name == "embedding model")
        assert found.state == "ok"
        return found.detail

    assert said(library_index).endswith(", loaded at once")
    assert said(tmp_path / "none").endswith(", loaded in some seconds")
