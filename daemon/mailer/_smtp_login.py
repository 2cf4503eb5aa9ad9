"""Connects and logs in to a submission server, and says in one sentence why it could not."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from typing import TYPE_CHECKING

from daemon.accounts import bearer
from daemon.accounts.tls import Tls, context
from daemon.errors import ConfigError, TransientError

if TYPE_CHECKING:
    from daemon.mailer.smtp import SmtpSettings


_NO_SMTP = -1  # what smtplib gives for a greeting that is no reply


def login_refused(where: str) -> ConfigError:
    return ConfigError(f"{where} refused the login: check user and password (or access token)")


def connect(settings: SmtpSettings, helo: str) -> smtplib.SMTP:
    """Return a protected, logged-in connection.  ConfigError: an administrator must act; TransientError: try later."""
    where = f"sending by {settings.name}: {settings.host} port {settings.port}"
    protection = context(settings.host, settings.tls, settings.ca_file)
    smtp = _client(settings, helo if helo.isascii() and helo else "localhost", protection)
    try:
        _reach(smtp, settings, where)
        _protect(smtp, settings, protection, where)
        _log_in(smtp, settings, where)
        smtp.command_encoding = "utf-8"  # addresses of RFC 6531
        return smtp
    except ssl.SSLCertVerificationError as error:
        smtp.close()
        raise ConfigError(f"{where}: the certificate is not trusted ({error.verify_message})") from None
    except TimeoutError:
        smtp.close()
        raise TransientError(f"{where} did not answer in time") from None
    except ssl.SSLError:
        smtp.close()
        raise ConfigError(f"{where} does not speak TLS as configured: implicit or starttls?") from None
    except smtplib.SMTPException:
        smtp.close()
        raise TransientError(f"{where} turned the connection down, or is no SMTP server") from None
    except OSError:
        smtp.close()
        text = "cannot be reached: are name and port right, and may this machine connect there?"
        raise TransientError(f"{where} {text}") from None
    except BaseException:
        smtp.close()
        raise


def _client(settings: SmtpSettings, helo: str, protection: ssl.SSLContext | None) -> smtplib.SMTP:
    if settings.tls is Tls.IMPLICIT:
        return smtplib.SMTP_SSL(local_hostname=helo, timeout=settings.connect_seconds, context=protection)
    return smtplib.SMTP(local_hostname=helo, timeout=settings.connect_seconds)


def _reach(smtp: smtplib.SMTP, settings: SmtpSettings, where: str) -> None:
    smtp._host = settings.host  # type: ignore[attr-defined]  # noqa: SLF001 - the name that TLS verifies; connect() alone does not set it
    code, _ = smtp.connect(settings.host, settings.port)
    if code == _NO_SMTP:
        raise TransientError(f"{where} is no SMTP server: is the port right?")
    if code != 220:
        raise TransientError(f"{where} does not accept mail at the moment ({code})")
    if smtp.sock is not None:
        smtp.sock.settimeout(settings.command_seconds)
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the final dot is a packet of its own
    _greet(smtp, where)


def _greet(smtp: smtplib.SMTP, where: str) -> None:
    """Say EHLO.  HELO instead would give up protection and login for what may be a refusal of the moment."""
    code, _ = smtp.ehlo()
    if not 200 <= code < 300:
        raise TransientError(f"{where} does not answer the greeting ({code})")


def _protect(smtp: smtplib.SMTP, settings: SmtpSettings, protection: ssl.SSLContext | None, where: str) -> None:
    if settings.tls is not Tls.STARTTLS:
        return
    if not smtp.has_extn("starttls"):
        raise ConfigError(f"{where} does not offer STARTTLS: letters and password are not sent in the clear")
    smtp.starttls(context=protection)
    _greet(smtp, where)


def _log_in(smtp: smtplib.SMTP, settings: SmtpSettings, where: str) -> None:
    if not settings.user:
        return
    if not smtp.has_extn("auth"):
        raise ConfigError(f"{where} offers no login, but a user is set")
    try:
        if settings.auth == "password":
            smtp.login(settings.user, settings.password)
        else:
            _bearer(smtp, settings, where)
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise TransientError(f"{where} cannot log anybody in at the moment") from None
        raise login_refused(where) from None
    except smtplib.SMTPNotSupportedError:
        raise ConfigError(f"{where} offers no way to log in that we know") from None
    except UnicodeError:
        raise ConfigError(f"{where} takes only ASCII in user and password") from None


def _bearer(smtp: smtplib.SMTP, settings: SmtpSettings, where: str) -> None:
    if settings.token is None:
        raise ConfigError(f'{where}: auth = "{settings.auth}" needs a source of access tokens')
    first, last = (
        base64.b64encode(word).decode("ascii") for word in bearer.said(settings.auth, settings.user, settings.token())
    )
    code, text = smtp.docmd("AUTH", f"{settings.auth.upper()} {first}")
    if code == 334:
        code, text = smtp.docmd(last)
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)
