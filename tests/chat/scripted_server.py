"""The real chat server over a scripted assistant: `python -m tests.chat.scripted_server`.

The variable PORT names a port; otherwise it is a free one. With OWN_DOCUMENTS the assistant has
documents of its own. AWAY are the seconds after which a reader counts as gone, and MODEL is a
language model that the first screen names, as in the settings. DATABASE is where conversations are
kept, one of its own if not named, WAY the way in which people come in, SECRET what signs them, and
PROVIDER the address of who signs them in for us. LOG is the form of the log, and METRICS_KEY the
key of the numbers. With UPLOADS documents may be added, though this
assistant does not read them.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import cast

import uvicorn

from assistant.app import Assistant
from assistant.chat.admission import Admission, Way
from assistant.chat.event_log import EventLog, Form
from assistant.chat.happenings import Happenings
from assistant.chat.opening import Opening
from assistant.chat.provider import Provider
from assistant.chat.server import create_app
from assistant.chat.strings import read_strings
from assistant.chat.uploads import Uploads
from assistant.models.language import choose_model
from assistant.store.store import open_store
from assistant.terminal import TerminalProgress
from tests.chat import scripted_provider
from tests.chat.chatting import ChattingAssistant
from tests.chat.serving import SECRET

if __name__ == "__main__":
    import socket

    listener = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    scripted = ChattingAssistant(own="OWN_DOCUMENTS" in os.environ)
    opening = Opening(lambda _: cast(Assistant, scripted), TerminalProgress(), "Loading")
    with tempfile.TemporaryDirectory() as folder:
        named = os.environ.get("MODEL")
        model = choose_model(named, os.environ.get("MODEL_URL"), None) if named else None
        store = open_store(os.environ.get("DATABASE", f"sqlite:///{folder}/history.db"))
        way = cast(Way, os.environ.get("WAY", "alone"))
        secret = os.environ.get("SECRET", SECRET)
        key = os.environ.get("METRICS_KEY", "")
        admission = Admission(way, store.accounts, secret, "x-forwarded-user", key)
        happenings = Happenings(EventLog(cast(Form | None, os.environ.get("LOG")), sys.stderr))
        signs = os.environ.get("PROVIDER")
        provider = (
            Provider(signs, scripted_provider.CLIENT, scripted_provider.SECRET, "email")
            if signs
            else None
        )
        uploads = Uploads(Path(folder) / "uploads", 1_000_000, 5)
        app = create_app(
            opening, Path(folder), read_strings(model), store, admission, provider=provider,
            uploads=uploads if "UPLOADS" in os.environ else None, happenings=happenings,
        )  # fmt: skip
        from assistant.chat.app import events  # not before Chainlit has its folder

        events.AWAY = float(os.environ.get("AWAY", events.AWAY))
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)).run(
            sockets=[listener]
        )
