"""Names and passwords of accounts: which are allowed, and how they are compared."""

import re
import secrets
from functools import cached_property
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from assistant.errors import UsageError
from assistant.store.database import StoreError

LOCAL = "local"  # the key of who uses a computer without accounts
_LONGEST_NAME = 100  # characters
_LONGEST_KEY = 200  # characters: its column has no more room, and NFKC can make one into 18
_SHORTEST, _LONGEST = 10, 200  # characters of a password
# Letters and marks that show nothing: two names must not differ by them alone.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class AccountNameRefused(UsageError):
    """No account can have this name."""


class PasswordRefused(UsageError):
    """No account can have this password."""


def key_of(name: str) -> str:
    """A name as it is compared; empty if no account can have it."""
    name = name.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return ""
    key = normalize("NFKC", normalize("NFKC", _UNSEEN.sub("", name)).casefold()).strip()
    return "" if key == LOCAL or len(key) > _LONGEST_KEY else key


def key_of_new(name: str) -> str:
    """The key of a name that an account is to have. Raises AccountNameRefused."""
    key = key_of(name)
    if not key:
        raise AccountNameRefused(
            "An account cannot have this name.",
            f"Choose 1 to {_LONGEST_NAME} visible characters, and not “{LOCAL}”.",
        )
    return key


class Passwords:
    """Makes hashes of passwords and checks them. Safe to share between threads."""

    def __init__(self, hasher: PasswordHasher) -> None:
        """`hasher` has the parameters of new hashes."""
        self._hasher = hasher

    @cached_property
    def of_nobody(self) -> str:
        """A hash that costs as much to check as that of an account, and that nothing fits."""
        return self._hasher.hash(secrets.token_bytes())

    def hashed(self, password: str, key: str) -> str:
        """The hash of a new password of the account with that key. Raises PasswordRefused."""
        text = _composed(password)
        is_text = not re.search("[\ud800-\udfff]", text)  # lone surrogates are bytes of no text
        if not _SHORTEST <= len(text) <= _LONGEST or key_of(text) == key or not is_text:
            raise PasswordRefused(
                "The password cannot be used.",
                f"Choose {_SHORTEST} to {_LONGEST} characters that are not the account's name.",
            )
        return self._hasher.hash(text)

    def fits(self, kept: str, password: str) -> bool:
        """Whether the password is that of the hash `kept`. Raises StoreError for a hash that
        cannot be read."""
        try:
            return self._hasher.verify(kept, _composed(password).encode("utf-8", "surrogatepass"))
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            raise StoreError(
                f"The password of an account cannot be checked ({error or type(error).__name__}).",
                "Set it anew: assistant user passwd NAME",
            ) from error

    def renewed(self, kept: str, password: str) -> str | None:
        """A hash of a password that fits with the parameters of today; None if `kept` has them."""
        stale = self._hasher.check_needs_rehash(kept)
        return self._hasher.hash(_composed(password)) if stale else None


def _composed(password: str) -> str:
    """A password as keyboards of all kinds give it: composed. What is far too long is cut, but
    stays too long: composing makes four characters into one at most, and takes long on many."""
    return normalize("NFC", password[: 4 * _LONGEST + 1])
