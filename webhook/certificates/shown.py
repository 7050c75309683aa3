"""The certificate that the server shows, exchanged while it runs: new connections see the new one, open ones go on.

From files, which are polled: mounted Secrets are swapped by symlinks, for which file events are unreliable. Not here: making or renewing
one (webhook.certificates.own).
"""

import asyncio
import hashlib
import logging
import os
import ssl
from datetime import datetime
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from webhook.certificates.authority import expiry

POLL_S: Final = 10.0

_log: Final = logging.getLogger(__name__)


class ShownCertificate:
    """The TLS context of the server, and the certificate that it shows."""

    def __init__(self) -> None:
        self.context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ends_at: datetime | None = None
        """When what is shown ends; None while nothing is."""

    def show(self, chain: bytes, key: bytes) -> None:
        """Show this certificate chain (PEM) from now on. Raises `ValueError` if it cannot be used; what was shown stays."""
        ends_at = expiry(chain)
        # Loading a pair that does not match would leave the live context without a key: a fresh context tries it first.
        _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), chain, key)
        _load(self.context, chain, key)
        self.ends_at = ends_at


class Certificate:
    """A certificate chain and its key, as PEM files, and the TLS context that shows them."""

    def __init__(self, chain: Path, key: Path, shown: ShownCertificate | None = None) -> None:
        """Load both. Raises `InvalidInputError` naming the file that cannot be used."""
        self._chain = chain
        self._key = key
        self._shown = shown or ShownCertificate()
        self.context: Final = self._shown.context
        self._loaded = b""
        self._look()

    async def keep_current(self, poll_s: float = POLL_S) -> None:
        """Load the files again whenever they change, until cancelled. Files that cannot be used leave the old pair in place."""
        reported = ""
        while True:
            await asyncio.sleep(poll_s)
            try:
                if self._look():
                    _log.info("loaded the certificate anew from %s", self._chain)
                reported = ""
            except InvalidInputError as error:
                if str(error) != reported:
                    _log.warning("the certificate stays as it was: %s", error)
                reported = str(error)

    def _look(self) -> bool:
        """Show what the files hold; return whether that is new."""
        chain, key = _read("--tls-cert", self._chain), _read("--tls-key", self._key)
        fingerprint = hashlib.sha256(chain + b"\0" + key).digest()
        if fingerprint == self._loaded:
            return False
        try:
            self._shown.show(chain, key)
        except ValueError as error:
            raise InvalidInputError(
                f"--tls-cert {self._chain}, --tls-key {self._key}: not a PEM certificate chain with its key ({error})"
            ) from error
        self._loaded = fingerprint
        return True


def _load(context: ssl.SSLContext, chain: bytes, key: bytes) -> None:
    """Python loads certificates from files only: here from one that exists in memory, so that no key gets onto a disk."""
    file = os.memfd_create("certificate")
    try:
        with os.fdopen(file, "wb", closefd=False) as content:
            content.write(chain + b"\n" + key)
        context.load_cert_chain(f"/proc/self/fd/{file}", password="")  # none: else a terminal would be asked for one
    except (ssl.SSLError, OSError) as error:
        raise ValueError(str(error)) from error
    finally:
        os.close(file)


def _read(flag: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{flag} {path}: {error.strerror}; give a readable PEM file") from error
