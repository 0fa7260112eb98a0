from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.models.encoder import shipped
from assistant.models.encoder.shipped import shipped_weights


def test_the_shipped_weights_are_there() -> None:
    assert (shipped_weights() / "model.safetensors").is_file()


def test_weights_with_another_checksum_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    path = shipped_weights() / "model.safetensors"
    monkeypatch.setattr(shipped, "SHA256", "0" * 64)
    with pytest.raises(ModelError) as caught:
        shipped_weights()
    assert caught.value.message == f"The weights in {path} are not the ones expected."
    assert caught.value.remedy.startswith("Install the product again: ")


def test_weights_that_are_not_installed_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(ModelError) as caught:
        shipped_weights()
    assert caught.value.message == "The embedding model's weights are not installed."


def test_a_package_without_its_weights_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weightless" / "model").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(shipped, "PACKAGE", "weightless")
    with pytest.raises(ModelError) as caught:
        shipped_weights()
    assert caught.value.message == "The embedding model's weights are not installed."
