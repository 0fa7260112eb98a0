import os
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, default_index, read_settings

NAMES = (
    "ASSISTANT_ALLOWED_HOSTS, ASSISTANT_COACHING, ASSISTANT_CORPUS, ASSISTANT_DATABASE_URL, "
    "ASSISTANT_EMBEDDING_DTYPE, ASSISTANT_EMBEDDING_MODEL, ASSISTANT_ENGINE, "
    "ASSISTANT_INDEX, ASSISTANT_KEEP_DAYS, ASSISTANT_LARGEST_FILE_MB, "
    "ASSISTANT_LARGEST_UNPACKED_MB, ASSISTANT_LARGEST_UPLOAD_MB, ASSISTANT_LOG, "
    "ASSISTANT_METRICS_KEY, ASSISTANT_MODEL, "
    "ASSISTANT_MODEL_AT_ONCE, ASSISTANT_MODEL_CONTEXT, ASSISTANT_MODEL_FIRST_SECONDS, "
    "ASSISTANT_MODEL_KEY, ASSISTANT_MODEL_PRICE_READ, ASSISTANT_MODEL_PRICE_WRITTEN, "
    "ASSISTANT_MODEL_SECONDS, ASSISTANT_MODEL_URL, ASSISTANT_MOST_CHARACTERS, "
    "ASSISTANT_MOST_PAGES, ASSISTANT_MOST_PARAGRAPHS, ASSISTANT_MOST_UPLOADS, "
    "ASSISTANT_OAUTH_CLAIM, ASSISTANT_OAUTH_CLIENT, ASSISTANT_OAUTH_SECRET, "
    "ASSISTANT_OAUTH_SERVER, ASSISTANT_READING_MEMORY_MB, ASSISTANT_READING_SECONDS, "
    "ASSISTANT_SECOND_OPINION, ASSISTANT_SIGN_IN, ASSISTANT_SIGN_IN_HEADER, "
    "ASSISTANT_TRACES_URL, ASSISTANT_UNSUPPORTED, ASSISTANT_UPLOADS"
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
    assert settings.engine is None
    assert settings.allowed_hosts == ()


def test_without_any_setting_no_model_is_named_and_nothing_is_written() -> None:
    settings = read_settings()
    assert (settings.model, settings.model_url, settings.model_key) == (None, None, None)
    assert (settings.model_context, settings.model_at_once) == (8_000, 4)
    assert (settings.model_first_seconds, settings.model_seconds) == (30, 120)
    assert (settings.model_price_read, settings.model_price_written) == (None, None)
    assert (settings.unsupported, settings.second_opinion) == ("remove", None)
    assert not settings.writes


def test_the_default_index_is_in_the_users_data_folder() -> None:
    assert default_index().parts[-2:] == ("implementation-assistant", "index")
    assert read_settings().index_folder == default_index()


def test_a_named_index_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", "/srv/index")
    assert read_settings().index_folder == Path("/srv/index")


def test_the_database_is_a_file_in_the_users_data_folder() -> None:
    assert read_settings().database_url is None
    assert read_settings().database == f"sqlite:///{default_index().with_name('history.db')}"


def test_a_named_database_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://me:hush@host/name")
    assert read_settings().database == "postgresql://me:hush@host/name"


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
    assert error.message == (
        "ASSISTANT_ENGINE is 'steam': Input should be 'extractive' or 'generative'."
    )
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("engine", "model", "writes"),
    [
        (None, None, False),
        (None, "ollama:small", True),
        ("generative", "ollama:small", True),
        ("extractive", "ollama:small", False),
        ("extractive", None, False),
    ],
)
def test_a_named_model_writes_unless_the_engine_forbids_it(
    engine: str | None, model: str | None, writes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_ENGINE", engine or "")
    monkeypatch.setenv("ASSISTANT_MODEL", model or "")
    assert read_settings().writes is writes


def test_an_engine_that_writes_needs_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ENGINE", "generative")
    message = problem().message
    assert message.startswith("ASSISTANT_ENGINE: ")
    assert "no model is named to write with; set ASSISTANT_MODEL as well." in message


def test_the_settings_of_a_model_are_read() -> None:
    dotenv(
        "ASSISTANT_MODEL=openai-like:small\nASSISTANT_MODEL_URL=http://127.0.0.1:8080/v1\n"
        "ASSISTANT_MODEL_KEY=sk-secret\nASSISTANT_MODEL_CONTEXT=32000\n"
        "ASSISTANT_MODEL_FIRST_SECONDS=5\nASSISTANT_MODEL_SECONDS=60\n"
        "ASSISTANT_MODEL_AT_ONCE=2\nASSISTANT_MODEL_PRICE_READ=0.15\n"
        "ASSISTANT_MODEL_PRICE_WRITTEN=0\nASSISTANT_UNSUPPORTED=show\n"
        "ASSISTANT_SECOND_OPINION=model\n"
    )
    settings = read_settings()
    assert (settings.model, settings.model_url) == ("openai-like:small", "http://127.0.0.1:8080/v1")
    assert settings.model_key
    assert settings.model_key.get_secret_value() == "sk-secret"
    assert (settings.model_context, settings.model_at_once) == (32_000, 2)
    assert (settings.model_first_seconds, settings.model_seconds) == (5, 60)
    assert (settings.model_price_read, settings.model_price_written) == (0.15, 0.0)
    assert (settings.unsupported, settings.second_opinion) == ("show", "model")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODEL_CONTEXT", "0"), ("MODEL_CONTEXT", "many"), ("MODEL_FIRST_SECONDS", "-1"),
        ("MODEL_SECONDS", "0"), ("MODEL_AT_ONCE", "0"), ("MODEL_PRICE_READ", "-0.1"),
        ("MODEL_PRICE_WRITTEN", "dear"), ("UNSUPPORTED", "keep"),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_for_a_model_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    assert problem().message.startswith(f"ASSISTANT_{name} is {value!r}: ")


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_price_is_a_number(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL_PRICE_READ", value)
    assert problem().message.startswith(f"ASSISTANT_MODEL_PRICE_READ is {value!r}: ")


SECRETS = [
    ("MODEL_KEY", "sk-secret"),
    ("DATABASE_URL", "postgresql://me:sk-secret@host/name"),
    ("OAUTH_SECRET", "sk-secret"),
]


@pytest.mark.parametrize(("secret", "kept"), SECRETS)
def test_a_secret_shows_nowhere(secret: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ASSISTANT_{secret}", kept)
    settings = read_settings()
    assert "sk-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(("secret", "kept"), SECRETS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("ENGINE", "steam"), ("ENGINE", "generative"), ("MODEL_CONTEXT", "many"), ("INDEXX", "x")],
)
def test_a_secret_shows_in_no_error(
    secret: str, kept: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{secret}", kept)
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    error = problem()
    told = "".join(traceback.format_exception(error)) + repr(error)
    assert f"ASSISTANT_{name}" in told
    assert "sk-secret" not in told


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
    "name",
    [
        "INDEX",
        "ENGINE",
        "EMBEDDING_MODEL",
        "EMBEDDING_DTYPE",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "MODEL",
        "MODEL_URL",
        "MODEL_KEY",
        "MODEL_CONTEXT",
        "MODEL_PRICE_READ",
        "UNSUPPORTED",
    ],
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


def test_signing_in_elsewhere_needs_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SIGN_IN", "oauth")
    monkeypatch.setenv("ASSISTANT_OAUTH_SERVER", "https://id.example/team/")
    message = problem().message
    assert message.startswith("ASSISTANT_SIGN_IN: ")
    assert "ASSISTANT_OAUTH_CLIENT" in message
    monkeypatch.setenv("ASSISTANT_OAUTH_CLIENT", "assistant")
    settings = read_settings()
    assert (settings.oauth_server, settings.oauth_claim) == ("https://id.example/team", "email")


@pytest.mark.parametrize(
    "server", ["http://id.example", "http://localhost.evil.example", "id.example", "ftp://x"]
)
def test_a_provider_is_only_spoken_to_encrypted(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_OAUTH_SERVER", server)
    message = problem().message
    assert message.startswith(f"ASSISTANT_OAUTH_SERVER is {server!r}: ")
    assert "https://" in message


@pytest.mark.parametrize("server", ["http://localhost:9", "http://127.0.0.1:9/a", "http://[::1]"])
def test_a_provider_on_this_computer_may_be_spoken_to_as_it_is(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_OAUTH_SERVER", server)
    assert read_settings().oauth_server == server


@pytest.mark.parametrize(
    ("value", "sent_to"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("https://collector.example/", "https://collector.example/v1/traces"),
        ("https://proxy.example/otel/v1/traces", "https://proxy.example/otel/v1/traces"),
    ],
)
def test_traces_are_sent_where_collectors_take_them_unless_a_place_is_named(
    value: str, sent_to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_TRACES_URL", value)
    assert read_settings().traces_url == sent_to


@pytest.mark.parametrize("value", ["collector:4318", "ftp://collector", "http://", "grpc://x:4317"])
def test_traces_are_sent_to_a_web_address_only(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_TRACES_URL", value)
    assert problem().message.startswith(f"ASSISTANT_TRACES_URL is {value!r}: ")


def test_a_key_of_the_numbers_is_long_and_no_error_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_METRICS_KEY", "hush-hush")
    shown = "".join(traceback.format_exception(problem()))
    assert "ASSISTANT_METRICS_KEY: " in problem().message
    assert "hush" not in shown
    monkeypatch.setenv("ASSISTANT_METRICS_KEY", "hush-hush-hush-hush")
    assert "hush" not in repr(read_settings())


def test_the_log_has_two_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().log is None
    monkeypatch.setenv("ASSISTANT_LOG", "json")
    assert read_settings().log == "json"
    monkeypatch.setenv("ASSISTANT_LOG", "xml")
    assert "ASSISTANT_LOG is 'xml'" in problem().message
