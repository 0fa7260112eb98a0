import re
from pathlib import Path

import pytest
import yaml

from assistant.prompts import fill
from assistant.takeaway import labels as module
from assistant.takeaway.labels import read_labels


def test_the_labels_of_the_product_are_complete() -> None:
    assert read_labels().plan.purpose == "Purpose"


def test_every_variable_of_a_label_is_filled_by_the_code() -> None:
    package = Path(module.__file__).parent
    code = "\n".join(file.read_text() for file in package.glob("*.py"))
    variables = set(re.findall(r"\$(\w+)", (package / "labels.yaml").read_text()))
    for name in variables - {"variables", "from", "verbatim", "supported", "unsupported"}:
        assert re.search(rf"\b{name}=", code), name


def test_every_label_is_used() -> None:
    package = Path(module.__file__).parent
    files = [file for file in package.rglob("*.py") if file.name != "labels.py"]
    code = "\n".join(file.read_text() for file in files)
    for section in yaml.safe_load((package / "labels.yaml").read_text()).values():
        for name in section:
            assert re.search(rf"\.{name}\b", code), name


def test_a_variable_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("$missing")
