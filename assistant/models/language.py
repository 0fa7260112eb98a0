"""The one door to language models: any server that speaks OpenAI's protocol, through LlamaIndex.

Nothing here is used unless somebody names a model.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_PATIENCE = 120.0  # seconds for one completion
_TRIES_AGAIN = 2


def open_language_model(address: str, name: str, key: str) -> "LLM":
    """A model behind an address such as `http://127.0.0.1:11434/v1`; nothing is asked yet.

    Temperature is 0. Raises ModelError if the address is none or the extra is not installed.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or not name:
        raise ModelError(
            f"{address!r} with the model {name!r} is no language model.",
            "Give the address of a server with OpenAI's protocol, ending in /v1, and a name.",
        )
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise ModelError(
            "The packages for language models are not installed.",
            "Run: pip install 'implementation-assistant[openai]'",
        ) from error
    model: LLM = OpenAILike(
        model=name, api_base=address, api_key=key or "none", is_chat_model=True, temperature=0.0,
        timeout=_PATIENCE, max_retries=_TRIES_AGAIN,
    )  # fmt: skip
    return model
