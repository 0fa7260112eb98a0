"""What cannot be taken away, with what to do instead."""

from assistant.errors import UsageError


class TakeawayError(UsageError):
    """There is nothing to take away, or not in that format."""
