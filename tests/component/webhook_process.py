"""`hami-dra webhook` as a process, for tests: started by the command that users type, before an API server that is played.

Not here: the API server (tests.component.fake_objects).
"""

import asyncio
import os
import re
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until

COMMAND = (sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", "webhook")
REPOSITORY = Path(__file__).parents[2]


@dataclass
class WebhookProcess:
    """One that runs. Its log goes to a file."""

    process: asyncio.subprocess.Process
    log: Path
    port: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://127.0.0.1:{self.port}"

    def terminate(self) -> None:
        """Tell it to stop."""
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> str:
        """Wait until it has ended; return its log."""
        assert await self.process.wait() == 0, self.log.read_text()
        return self.log.read_text()


@asynccontextmanager
async def webhook_process(folder: Path, *flags: str) -> AsyncIterator[WebhookProcess]:
    """Start one with further flags; it listens when this is entered, and is killed at the end if it still runs."""
    log = log_in(folder)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    with log.open("wb") as output:
        command = (*COMMAND, "--listen", "127.0.0.1:0", *flags)
        process = await asyncio.create_subprocess_exec(*command, stderr=output, env=environment, cwd="/")
    try:
        await until(lambda: process.returncode is not None or port_in(log), "a webhook that listens")
        assert process.returncode is None, log.read_text()
        yield WebhookProcess(process, log, port_in(log))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def log_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "webhook.log"


def port_in(log: Path) -> int:
    found = re.search(r"listening at \S+ port (\d+)", log.read_text())
    return int(found[1]) if found else 0


def trusting(authorities: bytes) -> ssl.SSLContext:
    """Return a client's context that trusts these authorities (PEM) alone."""
    return ssl.create_default_context(cadata=authorities.decode())
