from pathlib import Path
from typing import NoReturn

import pytest

from evals.bench.kept import kept


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    assert kept(tmp_path / "one.json", lambda: {"seconds": 1.5}) == {"seconds": 1.5}
    assert kept(tmp_path / "one.json", lambda: {"seconds": 9.5}) == {"seconds": 1.5}
    assert kept(tmp_path / "two.json", lambda: (1, 2)) == [1, 2]


def test_what_was_broken_off_is_measured_again(tmp_path: Path) -> None:
    def broken() -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path / "one.json", broken)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TypeError):
        kept(tmp_path / "one.json", object)
    assert kept(tmp_path / "one.json", lambda: 2) == 2
