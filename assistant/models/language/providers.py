"""LlamaIndex's objects for models, one way of making for each protocol."""

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.models.language.choice import HERE, ModelChoice
from assistant.models.language.patience import Patience

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def llm_for(choice: ModelChoice, patience: Patience, context: int, longest: int) -> "LLM":
    """LlamaIndex's object for a model. Temperature is 0; new tries are ours."""
    make, module = _MAKERS[choice.provider]
    try:
        package = import_module(module)
    except ImportError as error:
        extra = "openai" if choice.provider == "openai-like" else choice.provider
        raise ModelError(
            f"The packages for {choice.provider} are not installed.",
            f"Run: pip install 'implementation-assistant[{extra}]'",
        ) from error
    if choice.host in HERE:
        _leave_out_proxies()
    llm: LLM = make(package, choice, patience, context, longest)
    return llm


def _leave_out_proxies() -> None:
    """See to it that what is meant for this computer stays here: the packages ask the proxy that
    the environment names even then."""
    for name in ("NO_PROXY", "no_proxy"):
        named = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys((*named, "localhost", "127.0.0.1", "::1")))


def _openai(
    package: Any, choice: ModelChoice, patience: Patience, context: int, longest: int
) -> "LLM":
    llm: LLM = package.OpenAILike(
        model=choice.name, api_base=choice.address, api_key=choice.key or "none",
        is_chat_model=True, temperature=0.0, timeout=patience.whole, max_retries=0,
        context_window=context, max_tokens=longest,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )  # fmt: skip
    return llm


def _ollama(
    package: Any, choice: ModelChoice, patience: Patience, context: int, longest: int
) -> "LLM":
    # Without a header of ours, the package sends the key that OLLAMA_API_KEY holds.
    headers = {"Authorization": f"Bearer {choice.key or 'none'}"}
    llm: LLM = package.Ollama(
        model=choice.name, base_url=choice.address, temperature=0.0, context_window=context,
        request_timeout=patience.whole, headers=headers, thinking=False,
        additional_kwargs={"num_predict": longest},
    )  # fmt: skip
    return llm


def _anthropic(
    package: Any, choice: ModelChoice, patience: Patience, _: int, longest: int
) -> "LLM":
    from llama_index.core.llms import LLMMetadata

    class Claude(package.Anthropic):  # type: ignore[misc]
        @property
        def metadata(self) -> LLMMetadata:  # the package's own knows no newer names
            return LLMMetadata(model_name=choice.name, num_output=longest, is_chat_model=True)

    llm: LLM = Claude(
        model=choice.name, base_url=choice.address, api_key=choice.key or "none", temperature=0.0,
        timeout=patience.whole, max_retries=0, max_tokens=longest,
    )  # fmt: skip
    return llm


_MAKERS: dict[str, tuple[Callable[[Any, ModelChoice, Patience, int, int], "LLM"], str]] = {
    "openai": (_openai, "llama_index.llms.openai_like"),
    "openai-like": (_openai, "llama_index.llms.openai_like"),
    "ollama": (_ollama, "llama_index.llms.ollama"),
    "anthropic": (_anthropic, "llama_index.llms.anthropic"),
}
