"""Runs as files."""

import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from evals.report.canonical import read, write
from evals.results import Measure
from tests.evals.report.make_run import make_case, make_product, make_run, make_timings


def test_equal_runs_are_equal_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "deep" / "other"
    write(one, make_run(), make_timings())
    write(other, make_run(), make_timings())
    assert (one / "results.json").read_bytes() == (other / "results.json").read_bytes()


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, make_run(), make_timings())
    assert read(tmp_path / "results.json") == make_run()


def test_the_order_of_measures_makes_no_difference(tmp_path: Path) -> None:
    measures = make_case().measures
    turned = dict(reversed(measures.items()))
    files = []
    for number, one in enumerate((measures, turned)):
        run = make_run(products=(make_product(cases=(make_case(measures=one),)),))
        write(tmp_path / str(number), run, make_timings())
        files.append((tmp_path / str(number) / "results.json").read_bytes())
    assert files[0] == files[1]


def test_a_changed_number_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, make_run(), make_timings())
    before = (tmp_path / "results.json").read_bytes()
    case = make_case(measures={"vital_recall": Measure(outcome="fail", value=0.1)})
    write(tmp_path, make_run(products=(make_product(cases=(case,)),)), make_timings())
    assert (tmp_path / "results.json").read_bytes() != before


def test_the_file_is_plain_json_with_sorted_keys(tmp_path: Path) -> None:
    run = make_run(products=(make_product(cases=(make_case(question="Für wen? 日本"),)),))
    write(tmp_path, run, make_timings())
    text = (tmp_path / "results.json").read_bytes().decode("utf-8")
    assert text.startswith('{\n "checks": [')
    assert text.endswith("}\n")
    assert "Für wen? 日本" in text
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_times_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path, make_run(), make_timings())
    assert "peak_mib" not in (tmp_path / "results.json").read_text("utf-8")
    times = json.loads((tmp_path / "timings.json").read_text("utf-8"))
    assert times["products"][0]["answers"]["core"] == 0.1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: No such file") as raised:
        read(tmp_path / "nowhere.json")
    assert "results.json" in raised.value.remedy


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[" * 100_000, "Invalid JSON"),
        (b"[]", "object"),
        (b"{}", "products: Field required"),
        (b'{"products": [{"name": 1}]}', "products.0.name"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        read(path)
    assert str(path) in raised.value.message
    assert fault in raised.value.message


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("", "utf-8")
    with pytest.raises(UsageError, match="file cannot be written to"):
        write(taken, make_run(), make_timings())
