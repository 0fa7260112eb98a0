"""The bench of a language model, with one that is scripted."""

import pytest

from assistant.errors import UsageError
from assistant.settings import Settings
from evals.bench.model import model_table, run_model_bench


def test_without_a_model_it_says_which_settings_are_missing() -> None:
    with pytest.raises(UsageError, match="Set ASSISTANT_MODEL and ASSISTANT_MODEL_URL"):
        run_model_bench(Settings())


def test_the_figures_stand_beside_their_goals() -> None:
    table = model_table({"first_word": 120.4, "endpoint": 20.0, "added": 100.4, "check": 41.6})
    lines = [" ".join(line.split()) for line in table.splitlines()]
    assert lines[2:] == ["added 100 ms (goal 150)", "check of 200 words 42 ms of CPU (goal 50)"]
