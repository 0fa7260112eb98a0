"""Fixtures that several rooms share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.app import Assistant, build, open_assistant
from assistant.index.places import encoder_folder
from assistant.models.embedding import EmbeddingModel
from assistant.settings import Settings
from tests.fakes import SilentProgress

BUILT = Path(__file__).parents[1] / "build" / "library"


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings, the data folder or the `.env` of whoever runs it."""
    import os

    for name in list(os.environ):
        if name.startswith("ASSISTANT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def real_model() -> EmbeddingModel:
    """The shipped weights, loaded once: in the form that loads at once, where `make unit` wrote
    it."""
    return EmbeddingModel(exports=encoder_folder(BUILT))


@pytest.fixture(scope="session")
def library_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The index of the shipped library, built with the real model once for all processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder = shared / "library" / "index"
    with FileLock(shared / "library.lock"):
        if not folder.exists():
            if BUILT.is_dir():  # by `make unit`: with all cores, while nothing else needs them
                shutil.copytree(BUILT, folder)
            build(Settings(index=folder), SilentProgress())
    return folder


@pytest.fixture(scope="session")
def library(library_index: Path) -> Iterator[Assistant]:
    """An assistant over the shipped library."""
    assistant = open_assistant(Settings(index=library_index), SilentProgress())
    yield assistant
    assistant.close()
