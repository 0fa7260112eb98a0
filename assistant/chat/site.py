"""The folder that Chainlit works in, with its settings and words, and where its scripts are.

Chainlit reads and writes beside its application when it is imported. It is given a folder of the
process's own, so that nothing is written where the product is installed and two chats never meet.
"""

import json
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from string import Template
from types import ModuleType
from typing import Any

from assistant.chat.strings import Strings
from assistant.errors import AssistantError

_REMEDY = "Install the product again with: pip install . -c constraints.txt"
_CONFIG = Path(__file__).parent / "app" / "config.toml"
_TAGS = re.compile(r'<(?:script|link)\b[^>]*"/assets/[^>]*>(?:</script>)?')
# Names without a prefix that Chainlit and what it imports would take for their own settings:
# a database, a tracing service, bots for other chats.
_FOREIGN = re.compile(
    r"CHAINLIT_.*|ROOT|RUN|DATABASE_URL|LITERAL_.*|TRACELOOP_.*|SLACK_.*|DISCORD_.*|TEAMS_.*"
    r"|OAUTH_.*"
)


class ChainlitUnusable(AssistantError):
    """Chainlit is not the one that this chat was made for."""


def write_site(folder: Path, strings: Strings) -> None:
    """Write the folder. Raises ChainlitUnusable, or OSError if the disk does not take it."""
    translations = folder / ".chainlit" / "translations"
    translations.mkdir(parents=True)
    config = Template(_CONFIG.read_text("utf-8")).substitute(name=strings.name)
    (folder / ".chainlit" / "config.toml").write_text(config, "utf-8")
    theirs = _chainlit() / "translations"
    words = json.loads(_read(theirs / "en-US.json"))
    # Chainlit copies every language that is missing. One is used: answers are in English.
    for language in theirs.glob("*.json"):
        (translations / language.name).write_text(
            json.dumps(_merged(words, strings.chainlit)), "utf-8"
        )
    (folder / "chainlit_en-US.md").write_text(strings.about, "utf-8")


def use_site(folder: Path, cookie: str, secret: str) -> None:
    """Make Chainlit, which is not imported yet, work in that folder and nowhere else, and know
    people by our cookie."""
    for name in list(os.environ):
        if _FOREIGN.fullmatch(name):
            del os.environ[name]
    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = cookie
    os.environ["CHAINLIT_AUTH_SECRET"] = secret
    os.environ["CHAINLIT_ENV_FILE"] = str(folder / "none.env")
    # A package that Chainlit takes some types from imports the SDK of a tracing service with
    # thirty instrumentations: half of Chainlit's start, for what is never called here.
    for name in ("traceloop", "traceloop.sdk"):
        sys.modules.setdefault(name, ModuleType(name))
    vars(sys.modules["traceloop.sdk"]).setdefault("Traceloop", None)


def assets() -> tuple[Path, list[str]]:
    """The folder of Chainlit's scripts and styles, and the tags that load them.

    Its own page is not used: it loads fonts and styles from other hosts.
    """
    built = _chainlit() / "frontend" / "dist"
    tags = _TAGS.findall(_read(built / "index.html"))
    if {tag[1:5] for tag in tags} != {"scri", "link"}:
        raise ChainlitUnusable("Chainlit's page is not built as expected.", _REMEDY)
    return built / "assets", tags


def _chainlit() -> Path:
    spec = find_spec("chainlit")
    if spec is None or not spec.submodule_search_locations:
        raise ChainlitUnusable("Chainlit is not installed.", _REMEDY)
    return Path(spec.submodule_search_locations[0])


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ChainlitUnusable(f"Chainlit's {path.name} is missing.", _REMEDY) from error


def _merged(base: Any, over: Any) -> Any:
    """The nested mapping with what another one says instead."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return base | {key: _merged(base.get(key), value) for key, value in over.items()}
