"""Where the details of what should not have failed are written."""

import sys
import traceback

from platformdirs import user_log_path


def log_failure(error: BaseException) -> str:
    """Write the traceback to a file that can be sent along with a report; says where it is."""
    return log_text("".join(traceback.format_exception(error)))


def log_text(details: str) -> str:
    """Write details that are text already; says where they are."""
    try:
        folder = user_log_path("implementation-assistant", appauthor=False, ensure_exists=True)
        (folder / "failure.log").write_text(details, "utf-8")
    except OSError:  # the disk may be what failed
        print(details, file=sys.stderr)
        return "the terminal"
    return str(folder / "failure.log")
