"""Measurements that take long are kept, so that what was broken off goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def kept(file: Path, measure: Callable[[], Any]) -> Any:
    """What was measured into that file before; else it is measured now, as what JSON can hold."""
    if not file.is_file():
        begun = file.with_suffix(".begun")
        begun.write_text(json.dumps(measure()), "utf-8")
        begun.replace(file)
    return json.loads(file.read_text("utf-8"))
