"""Replies are kept, with their spread."""

import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from evals.judge.cache import Cache
from evals.judge.judging import Judge
from tests.evals.judge.scripted import MATERIAL, ScriptedLLM, saying


def test_replies_survive_a_run_with_their_spread(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "replies.jsonl"
    first = Judge(saying("right", "wrong", "right"), cache=Cache(file)).judge(*MATERIAL)
    silent = saying()
    assert Judge(silent, cache=Cache(file)).judge(*MATERIAL) == first
    assert silent.asked == []
    assert first.votes == ("right", "wrong", "right")


def test_more_repeats_ask_only_for_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    Judge(saying("right"), repeats=1, cache=Cache(file)).judge(*MATERIAL)
    model = saying("wrong", "wrong")
    assert Judge(model, cache=Cache(file)).judge(*MATERIAL).votes == ("right", "wrong", "wrong")


def test_another_model_another_prompt_or_other_material_is_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache()
    Judge(saying("right"), repeats=1, cache=cache).judge(*MATERIAL)
    other = ScriptedLLM(lambda _: "wrong", name="scripted-2")
    assert Judge(other, repeats=1, cache=cache).judge(*MATERIAL).verdict == "wrong"
    same = ScriptedLLM(lambda _: "wrong")
    assert Judge(same, repeats=1, cache=cache).judge(*MATERIAL).verdict == "right"
    moved = ("What stays?The core stays.", "", "Keep the core.")
    assert Judge(same, repeats=1, cache=cache).judge(*moved).verdict == "wrong"
    (tmp_path / "judge.md").write_text("$question $answer $reference", "utf-8")
    monkeypatch.setattr("assistant.prompts.shipped_prompts", lambda: tmp_path)
    assert Judge(same, repeats=1, cache=cache).judge(*MATERIAL).verdict == "wrong"


def test_failed_calls_are_not_kept() -> None:
    def fail(_: str) -> str:
        raise ConnectionError

    cache = Cache()
    assert Judge(ScriptedLLM(fail), repeats=1, cache=cache).judge(*MATERIAL).verdict is None
    assert Judge(saying("right"), repeats=1, cache=cache).judge(*MATERIAL).verdict == "right"


def test_a_file_cut_short_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    line = json.dumps({"key": "a", "repeat": 0, "reply": "right"})
    file.write_text(f'[]\n{{"key": 1}}\n{line}\n{{"key": "b", "rep', "utf-8")
    cache = Cache(file)
    assert (cache.get("a", 0), cache.get("b", 0)) == ("right", None)
    cache.put("b", 0, "wrong\u2028\ud800\n")
    assert Cache(file).get("b", 0) == "wrong\u2028\ud800\n"


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=str(tmp_path)):
        Cache(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="bytes"):
        Cache(tmp_path / "bytes")
    file = tmp_path / "gone"
    cache = Cache(file)
    file.mkdir()
    with pytest.raises(UsageError, match="gone"):
        cache.put("a", 0, "right")
