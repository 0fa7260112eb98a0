"""Which model is meant, and where it runs."""

from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlsplit

from assistant.errors import SettingsError

Provider = Literal["openai", "openai-like", "ollama", "anthropic"]

OPENAI_ADDRESS = "https://api.openai.com/v1"
_ADDRESSES = {"openai": OPENAI_ADDRESS, "ollama": "http://127.0.0.1:11434"}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""This computer, by its names."""


@dataclass(frozen=True)
class ModelChoice:
    """Which model is meant, and where. `key` never shows in a text."""

    provider: Provider
    name: str
    address: str | None
    key: str | None = field(repr=False)

    @property
    def host(self) -> str | None:
        """The computer that is asked; None if the provider's own package knows it."""
        return urlsplit(self.address).hostname if self.address else None

    @property
    def elsewhere(self) -> str | None:
        """Who gets the questions, if that is not this computer: the host, or the provider."""
        return None if self.host in HERE else (self.host or self.provider)


def choose_model(named: str, address: str | None, key: str | None) -> ModelChoice:
    """A model from its settings: `provider:name`, an address and a key. Raises SettingsError.

    A provider's own address is used where none is given, but never for `openai-like`: somebody
    else's server must be named.
    """
    provider, _, name = named.partition(":")
    if provider not in get_args(Provider) or not name.strip():
        raise SettingsError(
            f"ASSISTANT_MODEL is {named!r}, and no model is called so.",
            f"Write provider:name; the providers are {', '.join(get_args(Provider))}.",
        )
    where = address or _ADDRESSES.get(provider)
    if "@" in (where or ""):
        raise SettingsError(
            "ASSISTANT_MODEL_URL holds a name or a password.",
            "Put the key into ASSISTANT_MODEL_KEY.",
        )
    try:
        parts = urlsplit(where or "")
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of brackets, or of the port
        sound = False
    if not sound and (where or provider == "openai-like"):
        raise SettingsError(
            f"ASSISTANT_MODEL_URL is {address or 'not set'}, and {named} needs an address.",
            "Give the address of the server, such as http://127.0.0.1:8080/v1.",
        )
    return ModelChoice(provider, name.strip(), where, key)  # type: ignore[arg-type]  # checked above
