"""The real chat server over a scripted assistant: `python -m tests.chat.scripted_server`.

The variable PORT names a port; otherwise it is a free one. With OWN_DOCUMENTS the assistant has
documents of its own.
"""

import os
import tempfile
from pathlib import Path
from typing import cast

import uvicorn

from assistant.app import Assistant
from assistant.chat.opening import Opening
from assistant.chat.server import create_app
from assistant.chat.strings import read_strings
from assistant.terminal import TerminalProgress
from tests.fakes import ScriptedAssistant

if __name__ == "__main__":
    import socket

    listener = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    scripted = ScriptedAssistant(own="OWN_DOCUMENTS" in os.environ)
    opening = Opening(lambda _: cast(Assistant, scripted), TerminalProgress(), "Loading")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(opening, Path(folder), read_strings())
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)).run(
            sockets=[listener]
        )
