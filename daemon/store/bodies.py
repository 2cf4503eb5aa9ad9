"""Stored mail, compressed, and encrypted at rest when there is a key."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daemon.errors import ConfigError, PermanentError

_PLAIN = b"\x00"
_SEALED = b"\x01"
_NONCE = 12
_NAME = 4
_MAX = 64 * 1024 * 1024  # no stored mail is larger; a bomb stops here


class Cipher:
    """AES-256-GCM; a blob names the key it was sealed with, so that keys can be rotated.

    The first of ``keys`` (any bytes of 16 or more; hashed to 256 bits) seals, all of them open.
    """

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        if any(len(key) < 16 for key in keys):
            raise ConfigError("the body key is too short: 16 bytes or more are needed (noticed init makes one)")
        derived = [hashlib.sha256(b"noticed body " + key).digest() for key in keys]
        self._keys = {hashlib.sha256(key).digest()[:_NAME]: AESGCM(key) for key in derived}
        self._first = next(iter(self._keys), None)

    def seal(self, body: bytes) -> bytes:
        packed = zlib.compress(body, 1)
        if self._first is None:
            return _PLAIN + packed
        nonce = os.urandom(_NONCE)
        return _SEALED + self._first + nonce + self._keys[self._first].encrypt(nonce, packed, None)

    def open(self, blob: bytes) -> bytes:
        """Return the body; raises PermanentError when its key is not here or the blob was altered."""
        if blob[:1] == _PLAIN:
            return _unpacked(blob[1:])
        key = self._keys.get(blob[1 : 1 + _NAME])
        if key is None:
            raise PermanentError("a stored mail is encrypted with a key that this process was not given")
        start = 1 + _NAME + _NONCE
        try:
            return _unpacked(key.decrypt(blob[1 + _NAME : start], blob[start:], None))
        except InvalidTag:
            raise PermanentError("a stored mail was altered in the database") from None

    def is_current(self, blob: bytes) -> bool:
        """Whether ``blob`` is sealed as a new one would be (False: rotation has work to do)."""
        return blob[:1] == (_PLAIN if self._first is None else _SEALED) and (
            self._first is None or blob[1 : 1 + _NAME] == self._first
        )


def _unpacked(packed: bytes) -> bytes:
    opener = zlib.decompressobj()
    body = opener.decompress(packed, _MAX)
    if not opener.eof:
        raise PermanentError("a stored mail is larger than it may be or was cut short")
    return body
