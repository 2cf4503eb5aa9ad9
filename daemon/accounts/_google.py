"""Google's ways to an access token for mail: a refresh token, or a service account that may speak for the user."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from daemon.accounts import _grants
from daemon.accounts.http import Web
from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.quiet import silence
from daemon.accounts.tokens import Given
from daemon.errors import ConfigError

_SCOPE = "https://mail.google.com/"
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def asker(settings: OAuthSettings, user: str, where: str) -> Callable[[], Given]:
    url = f"{settings.login_url}/token"
    web = Web(url, where, ca_file=settings.ca_file)
    if settings.delegated:
        return lambda: _grants.refreshed(settings, web, url, settings.scope, where)
    account = _account(settings, where)
    return lambda: _grants.given(_grants.post(web, url, _said(account, settings, user, url, where), where), where)


def _account(settings: OAuthSettings, where: str) -> dict[str, Any]:
    try:
        found = json.loads(settings.service_account_key)
        if isinstance(found, dict) and found["client_email"] and found["private_key"]:
            return found
    except (ValueError, KeyError):
        pass
    raise ConfigError(f"{where}: service_account_key is not the JSON file that Google gives for a service account")


def _said(account: dict[str, Any], settings: OAuthSettings, user: str, url: str, where: str) -> dict[str, str]:
    """A signed claim to speak for ``user`` (RFC 7523 section 2.1)."""
    import jwt

    silence("jwt")
    now = datetime.now(UTC)  # noqa: TID251 - a claim must carry the time at which it was made
    claims = {
        "iss": account["client_email"],
        "sub": user,
        "scope": settings.scope or _SCOPE,
        "aud": url,
        "iat": now,
        "exp": now + timedelta(hours=1),
    }
    try:
        claim = jwt.encode(claims, account["private_key"], "RS256", {"kid": account.get("private_key_id", "")})
    except (ValueError, TypeError, jwt.PyJWTError):
        raise ConfigError(f"{where}: the private key in service_account_key cannot be used") from None
    return {"grant_type": _BEARER, "assertion": claim}
