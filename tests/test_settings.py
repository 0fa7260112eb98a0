import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, default_index, read_settings

NAMES = (
    "ASSISTANT_ALLOWED_HOSTS, ASSISTANT_CORPUS, ASSISTANT_EMBEDDING_DTYPE, "
    "ASSISTANT_EMBEDDING_MODEL, ASSISTANT_ENGINE, ASSISTANT_INDEX, ASSISTANT_LARGEST_FILE_MB, "
    "ASSISTANT_LARGEST_UNPACKED_MB, ASSISTANT_MOST_CHARACTERS, ASSISTANT_MOST_PAGES, "
    "ASSISTANT_MOST_PARAGRAPHS, "
    "ASSISTANT_READING_MEMORY_MB, ASSISTANT_READING_SECONDS"
)


def dotenv(content: str) -> None:
    """Write `.env` of the working directory, which is a fresh one in every test."""
    Path(".env").write_text(content, "utf-8")


def problem() -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return caught.value


def test_without_any_setting_the_defaults_are_in_force() -> None:
    settings = read_settings()
    assert settings.index is None
    assert settings.corpus == ()
    assert settings.embedding_model is None
    assert settings.embedding_dtype == "float32"
    assert settings.engine == "extractive"
    assert settings.allowed_hosts == ()


def test_the_default_index_is_in_the_users_data_folder() -> None:
    assert default_index().parts[-2:] == ("implementation-assistant", "index")
    assert read_settings().index_folder == default_index()


def test_a_named_index_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", "/srv/index")
    assert read_settings().index_folder == Path("/srv/index")


def test_settings_come_from_the_file() -> None:
    dotenv("ASSISTANT_INDEX=/srv/index\nassistant_embedding_dtype=bfloat16\n")
    settings = read_settings()
    assert settings.index == Path("/srv/index")
    assert settings.embedding_dtype == "bfloat16"


def test_settings_come_from_a_file_of_another_name(tmp_path: Path) -> None:
    (tmp_path / "other.env").write_text("ASSISTANT_INDEX=/srv/other\n", "utf-8")
    dotenv("ASSISTANT_INDEX=/srv/index\n")
    assert read_settings(tmp_path / "other.env").index == Path("/srv/other")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv("ASSISTANT_INDEX=/srv/file\nASSISTANT_EMBEDDING_MODEL=/srv/model\n")
    monkeypatch.setenv("ASSISTANT_INDEX", "/srv/environment")
    settings = read_settings()
    assert settings.index == Path("/srv/environment")
    assert settings.embedding_model == "/srv/model"


def test_several_corpus_folders_are_separated_as_in_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_CORPUS", os.pathsep.join(["/srv/a", "", "b c/d", ""]))
    assert read_settings().corpus == (Path("/srv/a"), Path("b c/d"))


def test_several_corpus_folders_of_the_file_are_separated_too() -> None:
    dotenv(f"ASSISTANT_CORPUS=one{os.pathsep}two\n")
    assert read_settings().corpus == (Path("one"), Path("two"))


def test_corpus_folders_can_be_given_as_paths() -> None:
    assert Settings(corpus=(Path("one"),)).corpus == (Path("one"),)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("chat.example", ("chat.example",)),
        ("chat.example,other.example", ("chat.example", "other.example")),
        ("  chat.example ,\tother.example  ", ("chat.example", "other.example")),
        (",chat.example,, ,other.example,", ("chat.example", "other.example")),
        ("Chat.EXAMPLE,OTHER", ("chat.example", "other")),
        (" , ,", ()),
        ("", ()),
    ],
)
def test_allowed_hosts_are_separated_by_commas_and_have_no_case(
    monkeypatch: pytest.MonkeyPatch, value: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ASSISTANT_ALLOWED_HOSTS", value)
    assert read_settings().allowed_hosts == names


def test_allowed_hosts_of_the_file_are_separated_too() -> None:
    dotenv("ASSISTANT_ALLOWED_HOSTS=Chat.example, other.example\n")
    assert read_settings().allowed_hosts == ("chat.example", "other.example")


def test_allowed_hosts_can_be_given_as_names() -> None:
    assert Settings(allowed_hosts=("chat.example",)).allowed_hosts == ("chat.example",)


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.index = Path("other")  # type: ignore[misc]


def test_an_unknown_setting_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXX", "/srv")
    error = problem()
    assert error.message == "ASSISTANT_INDEXX (in the environment) is not a setting."
    assert error.remedy == f"The settings are: {NAMES}. Correct or unset it."


def test_unknown_settings_in_environment_and_file_are_both_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXX", "/srv")
    dotenv("ASSISTANT_CORPSE=/srv\nassistant_motor=x\n")
    assert problem().message == (
        "ASSISTANT_INDEXX (in the environment) is not a setting. "
        "ASSISTANT_CORPSE (in .env) is not a setting. "
        "assistant_motor (in .env) is not a setting."
    )


def test_an_unknown_setting_without_a_value_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXX", "")
    assert "ASSISTANT_INDEXX" in problem().message


def test_foreign_names_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_ASSISTANT_ENGINE", "steam")
    dotenv("OPENAI_API_KEY=abc\nASSISTANTS=3\nINDEX=/srv\nengine=steam\nASSISTANT_INDEX=/our\n")
    assert read_settings() == Settings(index=Path("/our"))


def test_a_bad_engine_is_refused_with_the_good_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ENGINE", "steam")
    error = problem()
    assert error.message == "ASSISTANT_ENGINE is 'steam': Input should be 'extractive'."
    assert error.exit_code == 2


def test_a_bad_number_type_in_the_file_is_refused() -> None:
    dotenv("ASSISTANT_EMBEDDING_DTYPE=float8\n")
    assert problem().message == (
        "ASSISTANT_EMBEDDING_DTYPE is 'float8': Input should be 'float32' or 'bfloat16'."
    )


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ENGINE", "steam")
    monkeypatch.setenv("ASSISTANT_INDEXX", "/srv")
    dotenv("ASSISTANT_EMBEDDING_DTYPE=float8\nASSISTANT_CORPSE=/srv\n")
    message = problem().message
    for name in (
        "ASSISTANT_ENGINE is 'steam'",
        "ASSISTANT_EMBEDDING_DTYPE is 'float8'",
        "ASSISTANT_INDEXX (in the environment)",
        "ASSISTANT_CORPSE (in .env)",
    ):
        assert name in message


def test_a_setting_without_a_value_in_the_file_is_not_set() -> None:
    dotenv("ASSISTANT_INDEX=\nASSISTANT_ENGINE\nASSISTANT_CORPUS=\n")
    assert read_settings() == Settings()


@pytest.mark.parametrize(
    "name", ["INDEX", "ENGINE", "EMBEDDING_MODEL", "EMBEDDING_DTYPE", "ALLOWED_HOSTS"]
)
def test_a_setting_without_a_value_in_the_environment_is_not_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = read_settings()
    monkeypatch.setenv(f"ASSISTANT_{name}", "")
    assert read_settings() == unset


def test_a_settings_file_that_is_not_utf_8_is_an_error_of_settings() -> None:
    Path(".env").write_bytes(b"ASSISTANT_INDEX=/caf\xe9\n")
    assert ".env" in problem().message
