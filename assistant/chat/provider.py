"""Signing in with an account elsewhere: OAuth 2 with OpenID Connect (code flow, PKCE, nonce)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from assistant.chat.listening import is_loopback
from assistant.errors import AssistantError, SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

STARTS, RETURNS = "/login/oauth", "/login/oauth/back"
_COOKIE = "assistant_signing_in"
_WITHIN = 10 * 60  # seconds from leaving for the provider to coming back
_SECONDS = 10  # for one request to the provider
_NAME = "provider"


class ProviderFailed(AssistantError):
    """The provider did not say who somebody is, or what it said cannot be trusted."""


class Provider:
    """Who signs people in. Asks the provider only when somebody signs in."""

    def __init__(self, server: str, client: str, secret: str | None, claim: str) -> None:
        """`server` is the provider's address, `client` and `secret` what it knows us by, and
        `claim` what it says of somebody that is the name of an account. Raises SettingsError if
        the package for it is not installed."""
        self.host = urlsplit(server).netloc
        self._claim = claim
        self._client = _client(server, client, secret)

    async def leave(self, request: Request, back: str, place: str) -> Response:
        """To the provider; it sends the reader to `back`, our own full address, and we to
        `place`. Raises ProviderFailed."""
        with self._failing():
            response: Response = await self._client.authorize_redirect(request, back)
        request.session["place"] = place
        return response

    async def name_of(self, request: Request) -> tuple[str, str]:
        """The name of the account of who comes back, and where they wanted to go. Raises
        ProviderFailed."""
        place = str(request.session.pop("place", "/"))
        with self._failing():
            token = await self._client.authorize_access_token(request)
        said: dict[str, Any] = token.get("userinfo") or {}
        name = said.get(self._claim)
        if not isinstance(name, str) or not name.strip():
            raise ProviderFailed(
                f"{self.host} does not say the {self._claim!r} of who signs in.",
                "Set ASSISTANT_OAUTH_CLAIM to what it says.",
            )
        if self._claim == "email" and said.get("email_verified") is False:
            raise ProviderFailed(
                f"{self.host} has not verified this address.", "Verify it there, and try again."
            )
        return name.strip(), place

    @contextmanager
    def _failing(self) -> Iterator[None]:
        from authlib.common.errors import AuthlibBaseError
        from httpx2 import HTTPError
        from joserfc.errors import JoseError

        try:
            yield
        # The last ones are authlib's, when what the provider says is not what it should be.
        except (AuthlibBaseError, HTTPError, JoseError, RuntimeError, ValueError, LookupError,
                TypeError, AttributeError) as error:  # fmt: skip
            raise ProviderFailed(
                f"{self.host} did not sign you in ({type(error).__name__}).",
                "Try again; if it goes on, tell whoever runs the assistant.",
            ) from error


def provider_for(settings: Settings) -> Provider | None:
    """The provider, where people sign in with one. Raises SettingsError if the package for it is
    not installed."""
    if settings.sign_in != "oauth" or not (settings.oauth_server and settings.oauth_client):
        return None
    secret = settings.oauth_secret.get_secret_value() if settings.oauth_secret else None
    return Provider(settings.oauth_server, settings.oauth_client, secret, settings.oauth_claim)


def remembering(app: ASGIApp, secret: str) -> ASGIApp:
    """The application, with a signed cookie for who is on the way to the provider and back: only
    what began in a browser ends there, and nobody can be made to sign in as another."""
    from starlette.middleware.sessions import SessionMiddleware

    return SessionMiddleware(
        app, f"signing in {secret}", _COOKIE, max_age=_WITHIN, path="/login", same_site="lax"
    )


def _client(server: str, client: str, secret: str | None) -> "StarletteOAuth2App":
    try:
        from authlib.integrations.starlette_client import OAuth
    except ImportError as error:
        raise SettingsError(
            "The packages for signing in with OAuth are not installed.",
            'Install them with: pip install "implementation-assistant[oauth]"',
        ) from error
    name = urlsplit(server).hostname or ""
    options = {"scope": "openid email profile", "code_challenge_method": "S256"}
    return OAuth().register(
        _NAME, client_id=client, client_secret=secret,
        server_metadata_url=f"{server}/.well-known/openid-configuration",
        client_kwargs=options | {"timeout": _SECONDS, "trust_env": not is_loopback(name)},
    )  # fmt: skip
