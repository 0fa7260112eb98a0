"""The one door to language models: any that LlamaIndex reaches, and every way in which one fails.

`choice` says which model is meant, `providers` opens it, `client` asks it with `patience`, `reply`
reads what comes, and `failures` names what goes wrong. Nothing here is used, and no network is
touched, unless a setting names a model.
"""

from assistant.models.language.choice import OPENAI_ADDRESS, ModelChoice, choose_model
from assistant.models.language.client import LanguageModel
from assistant.models.language.failures import FailureKind, ModelFailure, Stopped
from assistant.models.language.patience import Patience
from assistant.models.language.reply import LONGEST_REPLY, Message, Tokens

__all__ = [
    "LONGEST_REPLY", "OPENAI_ADDRESS", "FailureKind", "LanguageModel", "Message", "ModelChoice",
    "ModelFailure", "Patience", "Stopped", "Tokens", "choose_model",
]  # fmt: skip
