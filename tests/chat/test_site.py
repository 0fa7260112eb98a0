import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from assistant.chat import site
from assistant.chat.site import ChainlitUnusable, assets, use_site, write_site
from assistant.chat.strings import Strings, read_strings

OUTSIDE = re.compile(r"(?:https?:)?//\w")


@pytest.fixture
def strings() -> Strings:
    return read_strings()


@pytest.fixture
def folder(tmp_path: Path, strings: Strings) -> Path:
    (tmp_path / "site").mkdir()
    write_site(tmp_path / "site", strings)
    return tmp_path / "site"


def config_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / ".chainlit" / "config.toml").read_text("utf-8"))


def words_of(path: Path) -> dict[str, str]:
    """The words of a translation by the path of their keys."""
    return dict(_leaves(json.loads(path.read_text("utf-8")), ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}/{key}")
    else:
        yield path, value


def theirs() -> Path:
    return site._chainlit() / "translations"


def test_the_settings_carry_the_name_and_switch_off_what_is_not_used(folder: Path) -> None:
    config = config_of(folder)
    assert config["UI"]["name"] == "Implementation Assistant"
    assert config["features"]["spontaneous_file_upload"]["enabled"] is False
    assert config["features"]["audio"]["enabled"] is False
    assert config["features"]["mcp"]["enabled"] is False
    assert config["features"]["unsafe_allow_html"] is False
    assert config["features"]["edit_message"] is False
    assert config["features"]["allow_thread_sharing"] is False
    assert config["project"]["allow_origins"] == []
    assert config["project"]["user_env"] == []


def test_the_settings_name_no_outside_address_and_no_unfilled_name(folder: Path) -> None:
    text = (folder / ".chainlit" / "config.toml").read_text("utf-8")
    assert not OUTSIDE.search(text)
    assert "$" not in text


def test_the_settings_are_of_the_version_that_is_installed(folder: Path) -> None:
    from importlib.metadata import version

    assert config_of(folder)["meta"]["generated_by"] == version("chainlit")


@pytest.mark.parametrize("name", ["Ärzte & 実施", "50 $ chat", "${name} $name"])
def test_a_name_of_any_characters_stays_what_it_is(
    tmp_path: Path, strings: Strings, name: str
) -> None:
    write_site(tmp_path / "site", strings.model_copy(update={"name": name}))
    assert config_of(tmp_path / "site")["UI"]["name"] == name


def test_every_language_of_chainlit_is_there_and_none_beside(folder: Path) -> None:
    ours = {path.name for path in (folder / ".chainlit" / "translations").iterdir()}
    assert ours == {path.name for path in theirs().glob("*.json")}
    assert "en-US.json" in ours


def test_every_language_says_the_same_english_words(folder: Path) -> None:
    contents = {path.read_bytes() for path in (folder / ".chainlit" / "translations").iterdir()}
    assert len(contents) == 1


def test_our_words_are_in_and_none_of_chainlits_keys_is_lost(
    folder: Path, strings: Strings
) -> None:
    words = words_of(folder / ".chainlit" / "translations" / "en-US.json")
    known = words_of(theirs() / "en-US.json")
    ours = dict(_leaves(strings.chainlit, ""))
    assert set(words) == set(known)
    assert {key: words[key] for key in ours} == ours
    untouched = set(known) - set(ours)
    assert {key: words[key] for key in untouched} == {key: known[key] for key in untouched}
    assert len(ours) > 5


def test_the_page_about_the_chat_is_there(folder: Path, strings: Strings) -> None:
    about = (folder / "chainlit_en-US.md").read_text("utf-8")
    assert about == strings.about
    assert about.startswith("## What it answers from")


def test_a_chainlit_without_english_words_is_unusable(
    tmp_path: Path, strings: Strings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chainlit").mkdir()
    monkeypatch.setattr(site, "_chainlit", lambda: tmp_path / "chainlit")
    with pytest.raises(ChainlitUnusable):
        write_site(tmp_path / "site", strings)


FOREIGN = {
    "CHAINLIT_AUTH_SECRET": "x",
    "CHAINLIT_APP_ROOT": "/elsewhere",
    "CHAINLIT_ENV_FILE": "/elsewhere/.env",
    "CHAINLIT_PORT": "1",
    "CHAINLIT_": "x",
    "DATABASE_URL": "postgres://x",
    "LITERAL_API_KEY": "x",
    "LITERAL_API_URL": "https://evil.example",
    "OAUTH_GITHUB_CLIENT_ID": "x",
    "OAUTH_PROMPT": "x",
    "SLACK_BOT_TOKEN": "x",
    "DISCORD_BOT_TOKEN": "x",
    "TEAMS_APP_ID": "x",
    "TRACELOOP_API_KEY": "x",
    "ROOT": "/x",
    "RUN": "fast",
}
OTHERS = {
    "PATH": "/bin",
    "HOME": "/home/somebody",
    "ASSISTANT_INDEX": "/index",
    "CI": "true",
    "TMPDIR": "/tmp",
    "ROOTS": "1",
    "RUNNER": "1",
    "MY_ROOT": "1",
    "MY_CHAINLIT_SETTING": "1",
    "MY_DATABASE_URL": "1",
    "DATABASE_URLS": "1",
    "chainlit_port": "1",
    "HTTPS_PROXY": "http://proxy.example",
}


def test_what_chainlit_would_take_for_its_own_is_taken_out_of_the_environment() -> None:
    with patch.dict(os.environ, FOREIGN | OTHERS, clear=True):
        use_site(Path("/site"), "a_cookie", "a secret")
        assert dict(os.environ) == OTHERS | {
            "CHAINLIT_APP_ROOT": "/site",
            "CHAINLIT_AUTH_COOKIE_NAME": "a_cookie",
            "CHAINLIT_AUTH_SECRET": "a secret",
            "CHAINLIT_ENV_FILE": "/site/none.env",
        }


def test_the_file_that_chainlit_reads_settings_from_does_not_exist(folder: Path) -> None:
    with patch.dict(os.environ):
        use_site(folder, "a_cookie", "a secret")
        assert os.environ["CHAINLIT_APP_ROOT"] == str(folder)
        assert Path(os.environ["CHAINLIT_ENV_FILE"]).is_absolute()
        assert not Path(os.environ["CHAINLIT_ENV_FILE"]).exists()


def test_making_the_site_does_not_import_chainlit(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from assistant.chat.site import assets, use_site, write_site\n"
        "from assistant.chat.strings import read_strings\n"
        "folder = Path(sys.argv[1])\n"
        "write_site(folder, read_strings()); use_site(folder, 'a', 'b'); assets()\n"
        "print('chainlit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_the_scripts_and_styles_that_are_named_exist_and_are_of_this_server() -> None:
    files, tags = assets()
    assert files.is_dir()
    for tag in tags:
        assert not OUTSIDE.search(tag)
        (name,) = re.findall(r'(?:src|href)="/assets/([^"]+)"', tag)
        assert (files / name).is_file()
    assert sum(tag.startswith("<script") for tag in tags) == 1
    assert sum('rel="stylesheet"' in tag for tag in tags) == 1


def chainlit_with(folder: Path, monkeypatch: pytest.MonkeyPatch, index: str | None) -> None:
    """In place of the installed Chainlit, one with that page."""
    (folder / "frontend" / "dist" / "assets").mkdir(parents=True)
    if index is not None:
        (folder / "frontend" / "dist" / "index.html").write_text(index, "utf-8")
    monkeypatch.setattr(site, "_chainlit", lambda: folder)


USUAL = """<!doctype html>
<link rel="preconnect" href="https://fonts.example" />
<link
  href="https://fonts.example/css?family=Inter"
  rel="stylesheet"
/>
<script>const global = globalThis;</script>
<script type="module" crossorigin src="/assets/index-abc.js"></script>
<link rel="stylesheet" crossorigin href="/assets/index-abc.css">
<div id="root"></div>
"""


def test_only_what_is_of_this_server_is_taken_from_chainlits_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chainlit_with(tmp_path, monkeypatch, USUAL)
    assert assets() == (
        tmp_path / "frontend" / "dist" / "assets",
        [
            '<script type="module" crossorigin src="/assets/index-abc.js"></script>',
            '<link rel="stylesheet" crossorigin href="/assets/index-abc.css">',
        ],
    )


@pytest.mark.parametrize(
    "index",
    [
        "",
        "<!doctype html>",
        USUAL.replace("/assets/", "./assets/"),
        USUAL.replace('"/assets/', '"https://cdn.example/assets/'),
        '<script src="/assets/index-abc.js"></script>',
        '<link rel="stylesheet" href="/assets/index-abc.css">',
        '<link rel="stylesheet" href="/assets/a.css"><link rel="stylesheet" href="/assets/b.css">',
        None,
    ],
)
def test_a_page_of_chainlit_that_is_built_otherwise_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: str | None
) -> None:
    chainlit_with(tmp_path, monkeypatch, index)
    with pytest.raises(ChainlitUnusable) as caught:
        assets()
    assert caught.value.message == (
        "Chainlit's index.html is missing."
        if index is None
        else "Chainlit's page is not built as expected."
    )
    assert caught.value.remedy == (
        "Install the product again with: pip install . -c constraints.txt"
    )


def test_a_chainlit_that_is_not_installed_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(site, "find_spec", lambda _: None)
    with pytest.raises(ChainlitUnusable) as caught:
        assets()
    assert caught.value.message == "Chainlit is not installed."
    assert caught.value.exit_code == 1
