"""What the tests of the door to language models ask, and of whom."""

import traceback
from collections.abc import Callable

import pytest

from assistant.models.language import LanguageModel, Message, ModelFailure, Patience, Tokens
from tests.models.scripted_model import READ, WRITTEN

KEY = "sk-very-secret"
ASKED = [Message("system", "Be brief."), Message("user", "What stays?")]
TEXT = "The core stays [12], and the form may change [3]."
COUNTED = Tokens(READ, WRITTEN, True)
IMPATIENT = Patience(first=0.3, whole=0.6)
PROVIDERS = pytest.mark.parametrize("provider", ["openai-like", "ollama", "anthropic"])
Opens = Callable[..., LanguageModel]


def failure(model: LanguageModel) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        model.complete(ASKED)
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told + repr(caught.value) + str(caught.value)
    return caught.value
