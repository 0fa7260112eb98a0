"""What goes wrong when sentence-transformers loads a model, as an error of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import ModelError


@contextmanager
def loading_errors(model: str, remedy: str) -> Iterator[None]:
    """Raises ModelError for a model that cannot be loaded, with what its library says of it."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise ModelError(f"{model} cannot be loaded: {_first_line(error)}.", remedy) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
