"""Where the details of what should not have failed are written."""

import traceback
from pathlib import Path

from platformdirs import user_log_path


def log_failure(error: BaseException) -> Path:
    """Write the traceback to a file that can be sent along with a report; gives its path."""
    folder = user_log_path("implementation-assistant", appauthor=False, ensure_exists=True)
    path = folder / "failure.log"
    path.write_text("".join(traceback.format_exception(error)), "utf-8")
    return path
