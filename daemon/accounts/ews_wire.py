"""Carries EWS requests to an Exchange Server by exchangelib: one login, a deadline on each, one policy for faults."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from exchangelib import errors

from daemon.accounts._ews_exchangelib import Refused, Stream, account_of, be_quiet, operation_of
from daemon.accounts.ews import EwsLogin
from daemon.accounts.ews_http import is_mistrust, was_said
from daemon.accounts.ews_xml import Xml, every, m, name_of, t, text_of
from daemon.errors import ConfigError, NoticedError, TransientError

LONGEST_WAIT = 60.0  # seconds that a server may ask us to stay away
# what a server says of itself; ErrorInternalServerError may be of one broken item, which must not stop the others
_NOT_NOW = frozenset(
    {
        "ErrorServerBusy",
        "ErrorTimeoutExpired",
        "ErrorInternalServerTransientError",
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxMoveInProgress",
        "ErrorMailboxFailover",
        "ErrorConnectionFailed",
        "ErrorConnectionFailedTransientError",
        "ErrorTooManyObjectsOpened",
        "ErrorExceededConnectionCount",
        "ErrorInsufficientResources",
    }
)
_NO_MAILBOX = frozenset(
    {
        "ErrorNonExistentMailbox",
        "ErrorMissingEmailAddress",
        "ErrorImpersonateUserDenied",
        "ErrorImpersonationDenied",
        "ErrorImpersonationFailed",
        "ErrorMailboxConfiguration",
        "ErrorAccountDisabled",
        "ErrorInvalidSmtpAddress",
    }
)


class Lost(TransientError):
    """The answer was lost or was no answer; ``said``: the server may have got the request and carried it out."""

    def __init__(self, text: str, retry_after: float | None = None, *, said: bool = True) -> None:
        super().__init__(text, retry_after)
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one part of a request; ``code`` is ``NoError`` or the name of the error."""

    code: str
    message: Xml = field(repr=False)

    @property
    def ok(self) -> bool:
        return self.code == "NoError"


class Wire:
    """One login on one server.  Used by one thread at a time; a stream needs a wire of its own."""

    def __init__(self, login: EwsLogin) -> None:
        be_quiet()
        self.login = login
        self._account = account_of(login)
        self.kept = False  # the connection has answered before: a request that fails on it may be repeated
        self._stream: Any = None

    @property
    def where(self) -> str:
        return f"mailbox {self.login.name}: {self.login.host}"

    def ask(self, operation: str, request: Xml, expected: int = 1) -> list[Answer]:
        """Return the server's answer to each of the ``expected`` parts of ``request``.

        Raises ConfigError (login refused, no such mailbox) or TransientError (not reached, busy); ``Lost`` where the
        server may have carried it out all the same.  What an answer says of one part is told by its code.
        """
        with self._translated():
            messages = self._carry(operation, request)
            answers = [Answer(text_of(one, "m:ResponseCode") or "NoCode", one) for one in messages]
        for one in answers:
            self._look_at(one)
        if len(answers) != expected:
            raise Lost(f"{self.where} answered {len(answers)} of {expected} parts of a request")
        self.kept = True
        return answers

    def _carry(self, operation: str, request: Xml) -> list[Xml]:
        """A token that was refused had run out: the next one is tried, once."""
        try:
            return operation_of(operation)(account=self._account).messages(request)
        except Refused as refused:
            if refused.status != 401 or self.login.auth != "oauth":
                raise
            forget = getattr(self.login.token, "forget", None)
            if forget is not None:
                forget(refused.token)
            return operation_of(operation)(account=self._account).messages(request)

    def _look_at(self, answer: Answer) -> None:
        if answer.code in _NO_MAILBOX:
            raise ConfigError(
                f"{self.where} lets us in, but not into the mailbox of this address: may the login open it?"
            )
        if answer.code in _NOT_NOW:
            raise Lost(f"{self.where} cannot do that now ({answer.code})", _capped(_back_off(answer.message)))

    def listen(self, folder: Xml, minutes: int = 1) -> Generator[bool]:
        """Subscribe to what comes to ``folder`` and yield True for news, False for a sign of life, for ``minutes``.

        Raises as ``ask`` does; ``hush`` ends it from another thread.
        """
        kinds = t("EventTypes", *(t("EventType", kind) for kind in ("NewMailEvent", "CreatedEvent", "MovedEvent")))
        wanted = m("StreamingSubscriptionRequest", t("FolderIds", folder), kinds)
        [answer] = self.ask("Subscribe", m("Subscribe", wanted))
        if not answer.ok:
            raise TransientError(f"{self.where} gives no notifications ({answer.code})")
        with self._translated():
            yield from self._events(text_of(answer.message, "m:SubscriptionId"), minutes)

    def _events(self, subscription: str, minutes: int) -> Iterator[bool]:
        self._stream = Stream(account=self._account)
        try:
            yield False
            for message in self._stream.messages(subscription, minutes, self.login):
                if text_of(message, "m:ResponseCode") != "NoError":
                    raise TransientError(f"{self.where} ended the notifications")
                events = every(message, "m:Notifications/t:Notification/*")
                yield any(
                    name_of(one) not in ("SubscriptionId", "PreviousWatermark", "MoreEvents", "StatusEvent")
                    for one in events
                )
        finally:
            self.hush()

    def hush(self) -> None:
        """End ``listen``, from any thread; never raises."""
        stream, self._stream = self._stream, None
        response = getattr(stream, "_streaming_response", None)
        try:
            if response is not None:
                response.raw.shutdown()
        except (OSError, ValueError, RuntimeError):
            pass

    def close(self) -> None:
        self.hush()
        self.kept = False
        self._account.protocol.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn every way in which a server fails us into an error that names the server only, not its words."""
        try:
            yield
        except NoticedError:
            self.kept = False
            raise
        except Refused as refusal:
            self.kept = False
            raise self._refusal(refusal) from None
        except errors.EWSError as error:
            self.kept = False
            raise self._fault(error) from None
        except (requests.RequestException, OSError) as error:
            self.kept = False
            raise Lost(f"{self.where}: the connection was lost", said=was_said(error)) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            self.kept = False
            raise Lost(f"{self.where} gave an answer that could not be read") from None

    def _refusal(self, found: Refused) -> NoticedError:
        """What an HTTP status means."""
        if found.status == 401:
            what = "access token" if self.login.auth == "oauth" else f'password, and auth = "{self.login.auth}"'
            return ConfigError(f"{self.where} refused the login: check user and {what}")
        if found.status == 403:
            return ConfigError(f"{self.where} does not let this login use EWS")
        if found.status in (301, 302, 307, 308, 404, 405):
            return ConfigError(f"{self.where} has no EWS at {self.login.path}: check host and path")
        return Lost(f"{self.where} answered {found.status}", _capped(found.retry_after))

    def _fault(self, error: Exception) -> NoticedError:
        """What a fault of SOAP, or of the connection as exchangelib tells it, means."""
        code = type(error).__name__
        cause = error.__context__
        if isinstance(error, errors.ErrorServerBusy):
            return Lost(f"{self.where} is busy", _capped(error.back_off), said=False)
        if is_mistrust(cause):
            return ConfigError(f"{self.where}: the certificate is not trusted, or this is no TLS server")
        if isinstance(cause, requests.Timeout):
            return Lost(f"{self.where} did not answer in time", said=was_said(cause))
        if isinstance(cause, requests.RequestException | OSError):
            said = was_said(cause)
            return Lost(f"{self.where}: " + ("the connection was lost" if said else "cannot be reached"), said=said)
        if code in _NO_MAILBOX:
            return ConfigError(f"{self.where} lets us in, but not into the mailbox of this address")
        if code == "ErrorAccessDenied":
            return ConfigError(f"{self.where} does not let this login use EWS")
        return Lost(f"{self.where} failed ({code})")


def _back_off(message: Xml) -> float | None:
    """The seconds that a busy server asks for in ``BackOffMilliseconds``."""
    for value in every(message, "m:MessageXml/t:Value"):
        if value.get("Name") == "BackOffMilliseconds" and (value.text or "").strip().isdigit():
            return int(value.text) / 1000
    return None


def _capped(seconds: float | None) -> float | None:
    return None if seconds is None else max(0.0, min(float(seconds), LONGEST_WAIT))
