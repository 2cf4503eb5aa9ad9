"""Microsoft's and Google's token endpoints on loopback: tokens are signed here, and every refusal can be had.

What it answers follows "Microsoft identity platform and the OAuth 2.0 client credentials flow" (the first and second
case: shared secret, certificate), "... authorization code flow" (refresh the access token; error response example),
and Google's "Using OAuth 2.0 for Web Server Applications" and "... for Server to Server Applications" (refreshing an
access token; making the access token request).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.servers.certificates import Authority
from tests.servers.web import Asked, Told, Web

TENANT, CLIENT, SECRET = "hotline.example", "app-1", "app secret 5e1"
REFRESH = "refresh-first-91c"


def rsa_pem() -> tuple[rsa.RSAPrivateKey, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key, key.private_bytes(serialization.Encoding.PEM, form, none).decode()


def certified() -> tuple[rsa.RSAPrivateKey, str]:
    """A key with its own certificate, as one PEM text."""
    key, pem = rsa_pem()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    now = datetime.now(UTC)
    builder = (
        builder.serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    )
    certificate = builder.sign(key, hashes.SHA256())
    return key, pem + certificate.public_bytes(serialization.Encoding.PEM).decode()


@dataclass
class SignIn:
    """``next`` are answers to be given first; ``forms`` what was asked for; ``speaks_for`` the user in each token."""

    authority: Authority
    speaks_for: str = "box@hotline.example"
    seconds: int = 3600
    next: list[Told] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    refresh: str = REFRESH
    rotates: bool = True
    certificate: Any = None  # the public key of the application's certificate
    account: Any = None  # the public key of Google's service account

    def __post_init__(self) -> None:
        self.key, pem = rsa_pem()
        self.private = pem
        encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = self.key.public_key().public_bytes(encoding, form).decode()
        self.web = Web(self._answer, self.authority.server_context())
        self.url = self.web.url
        self.given: list[str] = []
        self.tokens = _Given(self)

    def stop(self) -> None:
        self.web.stop()

    def token(self, user: str = "", seconds: int | None = None) -> str:
        now = datetime.now(UTC)
        seconds = self.seconds if seconds is None else seconds
        claims = {"sub": user or self.speaks_for, "iat": now, "exp": now + timedelta(seconds=seconds), "iss": "sign-in"}
        made = jwt.encode({**claims, "scope": "mail", "jti": len(self.given)}, self.private, "RS256")
        self.given.append(made)
        return made

    def _answer(self, asked: Asked) -> Told:
        if asked.path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            return Told.of(self._discovery())
        if asked.path not in (f"/{TENANT}/oauth2/v2.0/token", "/token"):
            return Told.of({"error": "invalid_tenant", "error_codes": [90002]}, 400)
        self.forms.append(asked.form)
        if self.next:
            return self.next.pop(0)
        return self._grant(asked.form)

    def _discovery(self) -> dict[str, str]:
        base = f"{self.url}/{TENANT}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }

    def _grant(self, form: dict[str, str]) -> Told:
        kind = form.get("grant_type", "")
        if kind.endswith("jwt-bearer"):
            return self._service_account(form)
        if form.get("client_id") != CLIENT or not self._known(form):
            return self.refusal("invalid_client", 7000215, 401)
        if kind == "client_credentials":
            return self._good()
        if kind == "refresh_token" and form.get("refresh_token") == self.refresh:
            return self._refreshed()
        return self.refusal("invalid_grant", 70008)

    def _known(self, form: dict[str, str]) -> bool:
        if "client_assertion" in form:
            claims = jwt.decode(
                form["client_assertion"], self.certificate, ["RS256", "PS256"], options={"verify_aud": False}
            )
            return bool(claims["iss"] == CLIENT)
        return form.get("client_secret", SECRET) == SECRET

    def _service_account(self, form: dict[str, str]) -> Told:
        claims = jwt.decode(form["assertion"], self.account, ["RS256"], audience=f"{self.url}/token")
        return self._good(claims["sub"])

    def _refreshed(self) -> Told:
        if self.rotates:
            self.refresh = f"refresh-{len(self.forms)}-a07"
            return self._good(refresh_token=self.refresh)
        return self._good()

    def _good(self, user: str = "", **more: str) -> Told:
        found = {"token_type": "Bearer", "expires_in": self.seconds, "access_token": self.token(user), **more}
        return Told.of(found)

    def refusal(self, error: str, number: int, status: int = 400) -> Told:
        text = f"AADSTS{number}: no, for secret@reporter.example. Trace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333"
        found = {"error": error, "error_description": text, "error_codes": [number], "trace_id": "0", "timestamp": "0"}
        return Told.of(found, status)


class _Given(set[str]):
    """The tokens that were given, for a server that takes them."""

    def __init__(self, sign_in: SignIn) -> None:
        super().__init__()
        self._sign_in = sign_in

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(list(self._sign_in.given))
