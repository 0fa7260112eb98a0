"""The gate on the shipped library: the product as it is passes, and five worse ones do not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.app import Assistant, build, open_assistant
from assistant.models.embedding import EmbeddingModel
from assistant.settings import Settings
from evals.__main__ import BASELINE
from evals.asking import Reply, ask_cases
from evals.cases import Case, asked_of, read_datasets
from evals.common import DATASETS
from evals.compare import compare, read_baseline
from evals.gates import judge_run
from evals.metrics import METRICS
from evals.results import Product, Run
from evals.run import measure_product
from tests.evals import worse
from tests.fakes import SilentProgress

ROOT = Path(__file__).parents[2]
# Kept to look at, and by CI servers.
REPORTS = ROOT / "build" / "evaluation"

pytestmark = pytest.mark.slow


def evaluation(index: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command as CI runs it."""
    command = [sys.executable, "-m", "evals", "run", "--index", str(index), "--out", str(out)]
    return subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env=dict(os.environ),
    )  # fmt: skip


def test_the_product_passes_and_is_reported(library_index: Path) -> None:
    # That it does so with the same bytes is tested with fewer questions: tests/evals/test_main.py
    first = evaluation(library_index, REPORTS, "--baseline", str(BASELINE))
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    assert first.stdout.rstrip().splitlines()[-1].startswith("Passed")
    for name in ("results.json", "junit.xml", "report.md", "report.html", "timings.json"):
        assert (REPORTS / name).stat().st_size > 1000


@dataclass(frozen=True)
class Asked:
    """The product as it is, and all that is needed to measure another one in its place."""

    cases: list[Case]
    replies: list[Reply]
    texts: dict[str, tuple[str, str]]
    product: Product

    def judge(self, replies: Sequence[Reply]) -> Run:
        """The run of a product that gave these replies, compared with the good one."""
        product = measure_product("worse", self.cases, replies, self.texts, {})
        return judge_run([product], (), compare(self.product, product, METRICS))


@pytest.fixture(scope="module")
def asked(library: Assistant) -> Asked:
    texts = library.documents()
    cases = asked_of(read_datasets(sorted(DATASETS.glob("*.yaml"))), texts)
    replies = ask(library, cases)
    return Asked(cases, replies, texts, measure_product("good", cases, replies, texts, {}))


def ask(assistant: Assistant, cases: Sequence[Case]) -> list[Reply]:
    return ask_cases(assistant, cases, 30.0, lambda _: None)


def to_blame(run: Run) -> set[str]:
    """The stages that the failed gates blame."""
    assert run.exit_code == 1, run.gates
    return {gate.stage for gate in run.gates if not gate.passed and gate.stage}


def test_the_product_as_it_is_does_not_differ_from_itself(asked: Asked) -> None:
    run = asked.judge(asked.replies)
    assert run.exit_code == 0
    assert run.comparison
    assert run.comparison.verdict == "no change"


def test_the_baseline_is_of_the_shipped_cases(asked: Asked) -> None:
    assert read_baseline(BASELINE).fingerprint.cases == asked.product.fingerprint.cases


def test_citations_that_open_the_place_of_the_next_one_fail_at_citing(asked: Asked) -> None:
    assert to_blame(asked.judge(worse.altered(asked.replies, worse.citations_shifted))) == {
        "citing"
    }


def test_quotes_cut_short_fail_at_citing(asked: Asked) -> None:
    assert to_blame(asked.judge(worse.altered(asked.replies, worse.quotes_cut))) == {"citing"}


def test_passages_in_the_order_of_chance_fail_at_search(asked: Asked, library: Assistant) -> None:
    with worse.passages_shuffled():
        replies = ask(library, asked.cases)
    assert to_blame(asked.judge(replies)) == {"search"}


def test_never_declining_fails_at_deciding(asked: Asked, library: Assistant) -> None:
    with worse.never_declining():
        replies = ask(library, asked.cases)
    assert to_blame(asked.judge(replies)) == {"deciding"}


@pytest.fixture
def without_headings(
    library_index: Path, real_model: EmbeddingModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Assistant]:
    # As another chunker would: on what is there, so that only chunks are embedded and no sentences.
    monkeypatch.setattr("assistant.index.build.CHUNKER_VERSION", "without headings")
    settings = Settings(index=Path(shutil.copytree(library_index, tmp_path / "index")))
    with worse.headings_left_out():
        build(settings, SilentProgress(), model=real_model)
    assistant = open_assistant(settings, SilentProgress())
    yield assistant
    assistant.close()


def test_an_index_without_headings_fails_at_search(
    asked: Asked, without_headings: Assistant
) -> None:
    assert to_blame(asked.judge(ask(without_headings, asked.cases))) == {"search"}
