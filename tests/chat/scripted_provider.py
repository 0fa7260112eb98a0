"""A provider of OAuth 2 with OpenID Connect on this computer, which can be told to misbehave."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "assistant", "between us"


@dataclass
class ScriptedProvider:
    """Signs in whoever comes as Ada, and says what its tests tell it to in `says`."""

    address: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    says: dict[str, Any] = field(default_factory=lambda: {"email": "ada@team.example"})
    signs: Callable[[dict[str, Any]], str] | None = None
    """How it signs claims, if not well."""
    breaks: str = ""
    """The path at which it fails."""
    asked: list[str] = field(default_factory=list)
    """The paths that it was asked for."""
    _begun: dict[str, dict[str, str]] = field(default_factory=dict)

    def reply(self, path: str, sent: dict[str, str], credentials: str) -> tuple[int, Any]:
        """A status, and JSON or an address to go to."""
        self.asked.append(path)
        if path == self.breaks:
            return 500, "broken"
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }  # fmt: skip
        if path == "/keys":
            return 200, KeySet([self.key]).as_dict(private=False)
        if path == "/authorize":
            code = f"code-{len(self._begun)}"
            self._begun[code] = sent
            return (
                302,
                f"{sent['redirect_uri']}?{urlencode({'code': code, 'state': sent['state']})}",
            )
        return self._token(sent, credentials)

    def _token(self, sent: dict[str, str], credentials: str) -> tuple[int, Any]:
        begun = self._begun.pop(sent.get("code", ""), None)
        if begun is None or credentials != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if begun["code_challenge"] != _coded(digest) or begun["code_challenge_method"] != "S256":
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "1", "nonce": begun["nonce"], "iat": now,
            "exp": now + 60,
        } | self.says  # fmt: skip
        token = self.signs(claims) if self.signs else signed(claims, self.key)
        return 200, {"access_token": "abc", "token_type": "Bearer", "id_token": token}


def signed(claims: dict[str, Any], key: RSAKey) -> str:
    """The claims as a token that the key signs."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def by_hand(claims: dict[str, Any], algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """The claims as a token that no library would make."""
    head = {"alg": algorithm, "kid": "one"}
    text = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    return f"{text}.{_coded(sign(text.encode()))}"


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def scripted_provider() -> Iterator[ScriptedProvider]:
    """Such a provider, listening."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            self._answer(self.rfile.read(length).decode())

        def _answer(self, sent: str) -> None:
            basic = self.headers.get("authorization", "").removeprefix("Basic ")
            fields = {name: values[0] for name, values in parse_qs(sent).items()}
            status, said = provider.reply(
                urlsplit(self.path).path, fields, base64.b64decode(basic).decode()
            )
            self.send_response(status)
            if status == 302:
                self.send_header("location", said)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = ScriptedProvider(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            server.shutdown()
