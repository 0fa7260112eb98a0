"""Write an encoder down as a graph, once for an index, and check that it gives the same vectors."""

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.models.encoder import NotExported, Vectors
from assistant.models.encoder.exported import (
    FACTS,
    GRAPH,
    INPUTS,
    OUTPUT,
    TOKENIZER,
    VERSION,
    WEIGHTS,
    ExportedEncoder,
    Facts,
)  # fmt: skip
from assistant.models.encoder.reference import ReferenceEncoder
from assistant.models.encoder.shipped import sha256_of

if TYPE_CHECKING:
    from torch.onnx import ONNXProgram

SAME = 0.9999  # cosine; the shipped model's are above 0.99999
_COMPARED = 128  # texts that each export is checked with, from the shortest to the longest
_ODD = ("", "a", "Äöü 漢字 🙂", "word " * 600, "7.5 mg/kg, 62 % — p < 0.05")


def require_exporter() -> None:
    """Raises NotExported if what torch needs to write graphs is not installed."""
    for name in ("onnx", "onnxscript"):
        if find_spec(name) is None:
            raise NotExported(f"{name} is not installed")


def export(reference: ReferenceEncoder, weights: str, folder: Path, texts: Sequence[str]) -> None:
    """Write an encoder into a folder that is not there yet; `weights` is its name, and some of the
    `texts` are compared. Raises NotExported, and OSError if there is no space."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(prefix="encoder-", dir=folder.parent))
    try:
        table = _write(reference, begun)
        facts = Facts(
            version=VERSION, weights=weights, dimension=reference.dimension,
            longest=reference.model.max_seq_length,
            before_question=_prompt(reference, "query"),
            before_document=_prompt(reference, "document"),
            padding=reference.model.tokenizer.pad_token_id or 0, words=table,
            least_cosine=1.0, compared=0,
            sha256={name: sha256_of(begun / name) for name in (GRAPH, WEIGHTS, TOKENIZER)},
        )  # fmt: skip
        _say(begun, facts)
        sample = [*_ODD, *spread(texts, _COMPARED)]
        least = least_cosine(reference, ExportedEncoder(begun), sample)
        if least < SAME:
            raise NotExported(f"its vectors are not the same (cosine {least:.5f})")
        facts = facts.model_copy(update={"least_cosine": round(least, 7), "compared": len(sample)})
        _say(begun, facts)
        begun.chmod(0o755)
        for older in folder.parent.iterdir():
            if older != begun:
                shutil.rmtree(older)
        begun.replace(folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise


def spread(texts: Sequence[str], count: int) -> list[str]:
    """So many of the texts, or all, evenly from the shortest to the longest."""
    ordered = sorted(set(texts), key=lambda text: (len(text), text))
    places = np.linspace(0, len(ordered) - 1, min(count, len(ordered))).round().astype(int)
    return [ordered[n] for n in places]


def least_cosine(
    reference: ReferenceEncoder, exported: ExportedEncoder, texts: Sequence[str]
) -> float:
    """The least likeness of the two vectors of any of the texts, as documents and as questions."""
    least = 1.0
    for text in texts:
        for kind in ("document", "question"):
            pair: list[Vectors] = [one.encode([text], kind)[0] for one in (reference, exported)]
            least = min(least, float(pair[0] @ pair[1]))
    return least


def _write(reference: ReferenceEncoder, folder: Path) -> tuple[int, int, int]:
    """Graph, weights and tokenizer. Returns where the table of word pieces is in the weights."""
    import onnx
    import torch
    from torch.onnx import OnnxExporterError

    class Whole(torch.nn.Module):  # type: ignore[misc]
        """From word pieces to a unit vector."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = reference.model

        def forward(self, pieces: Any, known: Any) -> Any:
            """Shapes (texts, pieces), twice; gives (texts, dimension)."""
            features = dict(zip(INPUTS, (pieces, known), strict=True))
            for part in self.parts:
                features = part(features)
            vectors = features["sentence_embedding"]
            return torch.nn.functional.normalize(vectors.float(), p=2, dim=1)

    example = torch.ones((2, 7), dtype=torch.long)
    sizes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("pieces")}
    try:
        with _quietly(), torch.no_grad():
            program: ONNXProgram | None = torch.onnx.export(
                Whole().eval(), (example, example.clone()), dynamo=True, verbose=False,
                input_names=list(INPUTS), output_names=[OUTPUT],
                dynamic_shapes={"pieces": sizes, "known": sizes},
            )  # fmt: skip
            assert program is not None
            program.save(folder / GRAPH, external_data=True)
    except OnnxExporterError as error:
        raise NotExported("torch cannot write this model as a graph") from error
    reference.counter.save(str(folder / TOKENIZER))
    return _place_of(reference.words(), onnx.load(folder / GRAPH, load_external_data=False), folder)


def _place_of(table: Vectors, graph: Any, folder: Path) -> tuple[int, int, int]:
    """Where the weights hold the table: first byte, rows, columns."""
    for one in graph.graph.initializer:
        if tuple(one.dims) == table.shape and one.external_data:
            said = {entry.key: entry.value for entry in one.external_data}
            begin = int(said.get("offset", 0))
            found = np.memmap(folder / WEIGHTS, np.float32, "r", offset=begin, shape=table.shape)
            if np.array_equal(found, table):
                return begin, *table.shape
    raise NotExported("its table of word pieces is not found in the graph")


def _prompt(reference: ReferenceEncoder, kind: str) -> str:
    """What the model wants before a text of a kind."""
    prompts: dict[str, str] = reference.model.prompts
    return prompts.get(kind) or prompts.get(reference.model.default_prompt_name or "") or ""


def _say(folder: Path, facts: Facts) -> None:
    (folder / FACTS).write_text(json.dumps(facts.model_dump(mode="json"), indent=1), "utf-8")


@contextmanager
def _quietly() -> Iterator[None]:
    """Without torch's remarks on its own insides."""
    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)
