"""Models of servers of ours that speak the providers' protocols."""

from collections.abc import Iterator

import pytest

from assistant.models.language import LanguageModel, Patience
from tests.models.language.asking import KEY, Opens
from tests.models.scripted_model import ScriptedModel, eventually


@pytest.fixture(scope="package")
def running() -> Iterator[ScriptedModel]:
    with ScriptedModel() as server:
        yield server


@pytest.fixture
def server(running: ScriptedModel) -> Iterator[ScriptedModel]:
    """No test leaves a request behind: whoever does not read any longer has hung up."""
    running.does()
    before = running.under_way
    yield running
    assert eventually(lambda: running.under_way <= before)


@pytest.fixture(scope="package")
def opened() -> Iterator[dict[object, LanguageModel]]:
    """Models that are shared by tests, as readers share them: to open one takes its time."""
    models: dict[object, LanguageModel] = {}
    yield models
    for model in models.values():
        model.close()


@pytest.fixture
def opens(server: ScriptedModel, opened: dict[object, LanguageModel]) -> Opens:
    """Opens a model of the server, or gives the one that is open."""

    def opens(
        provider: str = "openai-like", patience: Patience | None = None, name: str = ""
    ) -> LanguageModel:
        wanted = (provider, patience, name)
        if wanted not in opened:
            choice = server.choice(provider, name, KEY)
            opened[wanted] = LanguageModel(choice, patience, context=4_000, longest=500)
        return opened[wanted]

    return opens


@pytest.fixture
def own(server: ScriptedModel) -> Iterator[Opens]:
    """Opens a model that no other test asks."""
    models: list[LanguageModel] = []

    def own(provider: str = "openai-like") -> LanguageModel:
        models.append(LanguageModel(server.choice(provider, key=KEY), Patience(first=1)))
        return models[-1]

    yield own
    for model in models:
        model.close()
