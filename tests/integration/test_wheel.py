"""What somebody gets who installs the wheel: the library and the prompts travel inside."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the repository and unpacked as pip would, outside of it."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), "."],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


def test_the_wheel_holds_the_library_and_no_tests(installed: Path) -> None:
    notes = list((installed / "assistant" / "shipped" / "corpus" / "notes").rglob("*.md"))
    assert len(notes) == len(list((ROOT / "corpus" / "notes").rglob("*.md")))
    assert (installed / "assistant" / "shipped" / "prompts" / "frames.yaml").is_file()
    coaching = installed / "assistant" / "shipped" / "corpus" / "coaching"
    assert len(list(coaching.glob("*.yaml"))) == 7
    takeaway = installed / "assistant" / "takeaway"
    assert all((takeaway / name).is_file() for name in ("paper.typ", "labels.yaml"))
    tops = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"assistant"}


@pytest.mark.slow
def test_the_installed_wheel_answers_from_the_shipped_library(
    installed: Path, library_index: Path, tmp_path: Path
) -> None:
    code = "import assistant.app, sys; print(assistant.app.__file__, file=sys.stderr)"
    asked = f"{code}; sys.argv[0] = 'assistant'; from assistant.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", asked, "check", "--json", "--index", str(library_index)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    checks = {one["name"]: one["detail"] for one in json.loads(done.stdout)}
    assert str(installed) in done.stderr
    notes = len(list((ROOT / "corpus" / "notes").rglob("*.md")))
    assert f"{notes} documents in {installed}" in checks["corpus"]


def test_the_wheel_holds_the_chat_with_its_page_words_and_settings(installed: Path) -> None:
    chat = installed / "assistant" / "chat"
    held = {str(path.relative_to(chat)) for path in chat.rglob("*") if path.is_file()}
    there = ROOT / "assistant" / "chat"
    needed = {
        str(path.relative_to(there))
        for path in there.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"strings.yaml", "app/config.toml", "app/public/chat.js"} <= needed <= held
