"""One request to a token endpoint (RFC 6749), and what its answer means for us."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from daemon.accounts.http import Answer, Web
from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.tokens import Given
from daemon.errors import ConfigError, TransientError

# what says "not now" instead of "not you"
_NOT_NOW = ("temporarily_unavailable", "server_error", "slow_down")


def post(web: Web, url: str, fields: Mapping[str, str], where: str) -> dict[str, Any]:
    """POST a grant and return the token endpoint's answer; raises ConfigError or TransientError."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    answer = web.ask("POST", url, headers=kind, content=urlencode(fields).encode())
    busy(answer, where)
    return read(answer, where)


def busy(answer: Answer, where: str) -> None:
    """Raise TransientError for an answer that says: later."""
    if answer.status == 429 or answer.status >= 500:
        raise TransientError(f"{where}: the sign-in server is busy ({answer.status})", answer.retry_after)


def read(answer: Answer, where: str) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise TransientError(f"{where}: the sign-in server's answer could not be read ({answer.status})")
    return found


def given(found: Mapping[str, Any], where: str) -> Given:
    """Return the token of an answer, or raise what its error code means; the server's words are not repeated."""
    token = found.get("access_token")
    if isinstance(token, str) and token:
        return Given(token, _seconds(found.get("expires_in")))
    code = found.get("error")
    if code in _NOT_NOW:
        raise TransientError(f"{where}: the sign-in server says: not now")
    raise ConfigError(f"{where}: the sign-in was refused{_why(code, found)}")


def _seconds(value: object) -> float:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0


def _why(code: object, found: Mapping[str, Any]) -> str:
    """A hint by the error code (RFC 6749 section 5.2), with Microsoft's number if there is one."""
    hints = {
        "invalid_client": ": check client_id and client_secret (or the certificate, or that they have not expired)",
        "unauthorized_client": ": the application may not sign in this way",
        "invalid_grant": ": the refresh token or key is no longer accepted; sign in again and store the new one",
        "invalid_scope": ": the application has no permission for this",
        "invalid_request": ": check tenant and client_id",
    }
    numbers = found.get("error_codes")
    number = f" (AADSTS{numbers[0]})" if isinstance(numbers, list) and numbers and isinstance(numbers[0], int) else ""
    return hints.get(str(code), "") + number


def refreshed(settings: OAuthSettings, web: Web, url: str, scope: str, where: str) -> Given:
    """Trade the refresh token for an access token (RFC 6749 section 6), and keep the new refresh token if one came."""
    fields = {
        "grant_type": "refresh_token",
        "client_id": settings.client_id,
        "refresh_token": _newest(settings),
        **({"client_secret": settings.client_secret} if settings.client_secret else {}),
        **({"scope": scope} if scope else {}),
    }
    found = post(web, url, fields, where)
    result = given(found, where)
    new = found.get("refresh_token")
    if isinstance(new, str) and new and settings.keep_at is not None and new != fields["refresh_token"]:
        _keep(settings, new, where)
    return result


def _mark(settings: OAuthSettings) -> str:
    return hashlib.sha256(settings.refresh_token.encode()).hexdigest()


def _newest(settings: OAuthSettings) -> str:
    """The kept token, unless an administrator has given another one since."""
    if settings.keep_at is not None:
        try:
            found = json.loads(settings.keep_at.read_text(encoding="utf-8"))
            if found["of"] == _mark(settings):
                return str(found["token"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
    return settings.refresh_token


def _keep(settings: OAuthSettings, token: str, where: str) -> None:
    assert settings.keep_at is not None
    draft = settings.keep_at.with_name(settings.keep_at.name + ".part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump({"of": _mark(settings), "token": token}, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(settings.keep_at)
    except OSError:
        raise ConfigError(f"{where}: keep_at cannot be written; may this user write there?") from None
