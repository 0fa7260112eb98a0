import pytest

from evals.bench.profile import _profiled, _who, profile_table


def test_the_tables_stand_below_each_other() -> None:
    shown = profile_table(
        {"steps": {"search": 12.5}, "answer": {"encoder": 40.0}, "build": {"SQLite": 3.0}}
    )
    assert [" ".join(line.split()) for line in shown.splitlines()] == [
        "Steps of a warm answer", "search 12.5 ms", "",
        "What an answer's time goes to", "encoder 40.0 %", "",
        "What a build's time goes to", "SQLite 3.0 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "who"),
    [
        ("~ <built-in method onnxruntime.capi.onnxruntime_pybind11_state.run>", "encoder"),
        ("~ <method 'acquire' of '_thread.lock' objects>", "encoder, in threads"),
        ("~ <method 'query' of 'builtins.Bindings' objects>", "vector store"),
        ("~ <method 'execute' of 'sqlite3.Connection' objects>", "SQLite"),
        ("~ <method 'search' of 're.Pattern' objects>", "regular expressions"),
        ("/here/assistant/answering/quotes.py quote_of", "assistant.answering"),
        ("/lib/python3.11/json/decoder.py decode", "Python and other libraries"),
    ],
)
def test_every_function_belongs_to_who_does_the_work(function: str, who: str) -> None:
    assert _who(function) == who


def test_shares_are_of_the_whole_the_most_first() -> None:
    found = _profiled(lambda: sum(n * n for n in range(200_000)))
    assert sum(found.values()) == pytest.approx(100, abs=3)
    assert list(found.values()) == sorted(found.values(), reverse=True)
