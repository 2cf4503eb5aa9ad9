"""How a connection to a mail server is protected: certificates are verified unless the server is on this machine."""

from __future__ import annotations

import ssl
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from daemon.errors import ConfigError


class Tls(StrEnum):
    IMPLICIT = "implicit"  # TLS from the first byte (RFC 8314)
    STARTTLS = "starttls"  # upgraded before the login; never skipped
    NONE = "none"  # this machine only


def is_loopback(host: str) -> bool:
    """Return True if ``host`` is this machine by name or address; no name is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def secure(url: str) -> bool:
    """Return True for https, and for http to this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def context(host: str, tls: Tls, ca_file: str | None) -> ssl.SSLContext | None:
    """Return a context that verifies the server's name and certificate; None where no TLS is used (loopback only)."""
    if tls is Tls.NONE:
        if not is_loopback(host):
            raise ConfigError(f'tls = "none" is only allowed on this machine, not to {host}: use implicit or starttls')
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise ConfigError(f"the file of trusted certificates for {host} (ca_file) cannot be read") from None
