"""The server's certificate, exchanged while the server runs.

Files are polled: mounted Secrets are swapped by symlinks, for which file events are unreliable. New connections see the new
certificate, open ones go on. Not here: making or renewing one.
"""

import asyncio
import hashlib
import logging
import ssl
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError

POLL_S: Final = 10.0

_log: Final = logging.getLogger(__name__)


class Certificate:
    """A certificate chain and its key, as PEM files, and the TLS context that shows them."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Load both. Raises `InvalidInputError` naming the file that cannot be used."""
        self._chain = chain
        self._key = key
        self.context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._loaded = self._fingerprint()
        self._load_into(self.context)

    async def keep_current(self, poll_s: float = POLL_S) -> None:
        """Load the files again whenever they change, until cancelled. Files that cannot be used leave the old pair in place."""
        reported = b""
        while True:
            await asyncio.sleep(poll_s)
            fingerprint = b""
            try:
                fingerprint = self._fingerprint()
                if fingerprint != self._loaded:
                    self._exchange(fingerprint)
            except InvalidInputError as error:
                if fingerprint != reported:
                    _log.warning("the certificate stays as it was: %s", error)
                reported = fingerprint

    def _exchange(self, fingerprint: bytes) -> None:
        # Loading a pair that does not match would leave the live context without a key: a fresh context tries it first.
        self._load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        self._load_into(self.context)
        self._loaded = fingerprint
        _log.info("loaded the certificate anew from %s", self._chain)

    def _load_into(self, context: ssl.SSLContext) -> None:
        try:
            context.load_cert_chain(self._chain, self._key, password="")  # none: else a terminal would be asked for one
        except (ssl.SSLError, OSError) as error:
            raise InvalidInputError(
                f"--tls-cert {self._chain}, --tls-key {self._key}: not a PEM certificate chain with its key ({error})"
            ) from error

    def _fingerprint(self) -> bytes:
        return hashlib.sha256(_read("--tls-cert", self._chain) + b"\0" + _read("--tls-key", self._key)).digest()


def _read(flag: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{flag} {path}: {error.strerror}; give a readable PEM file") from error
