"""The command line. Thin: options in, one call of the product, text or JSON out."""

import gc
import sys
from collections.abc import Callable

import typer

from assistant.cli.asking import ask, search, show
from assistant.cli.common import print_json
from assistant.cli.feedback import feedback_app
from assistant.cli.indexing import add, build, list_documents, remove
from assistant.cli.people import user_commands
from assistant.cli.preparing import prepare
from assistant.cli.serving import chat, check

app = typer.Typer(
    name="assistant",
    help="Answers from implementation guidance, with the exact source of every sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_COMMANDS: dict[str, Callable[..., None]] = {
    "build": build, "add": add, "remove": remove, "list": list_documents, "search": search,
    "ask": ask, "prepare": prepare, "show": show, "chat": chat, "check": check,
}  # fmt: skip
for name, command in _COMMANDS.items():
    app.command(name)(command)
app.add_typer(user_commands, name="user")
app.add_typer(feedback_app, name="feedback")


def main() -> None:
    """The console command: no traceback reaches a person, and JSON callers always get JSON."""
    # While libraries are imported, hardly anything is garbage; to look for it as often as Python
    # does by default takes a sixth of a question's time.
    gc.set_threshold(100_000, 20, 20)
    wants_json = "--json" in sys.argv or "--batch" in sys.argv
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 130
    except typer.TyperException as error:
        message = error.format_message()
        if wants_json:
            print_json({"error": {"type": "UsageError", "message": message}})
        else:
            print(f"{message}\nSee: assistant --help", file=sys.stderr)
        code = error.exit_code
    except Exception as error:  # noqa: BLE001  # the outermost door: no traceback goes further
        from assistant.failure_log import log_failure

        message = f"Something failed that should not: {error}. Details: {log_failure(error)}"
        if wants_json:
            print_json({"error": {"type": type(error).__name__, "message": message}})
        else:
            print(message, file=sys.stderr)
        code = 1
    sys.exit(code or 0)
