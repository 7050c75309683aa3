"""A tenant without Kubernetes: a share's pages, made by the driver's own code, mounted where containers have them, and programs before
which the library stands that ships.

Each program has a mount namespace of its own; without root also a user namespace. Not here: what is checked (hack.gpu_check.checks).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast
from uuid import UUID

from catalog.errors import UnavailableError
from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import LIBRARY_FOLDERS
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import USAGE, ShareFolders
from dra_driver.shares.pages import read_totals
from dra_driver.shares.pages_layout import USAGE_HEADER_BYTES
from dra_driver.shares.share import Claim, Share

REPOSITORY: Final = Path(__file__).resolve().parents[2]
LIBRARY: Final = REPOSITORY / "build/libvgpu.so"
_PROBE: Final = Path(__file__).with_name("probe.py")
_NO_SUCH_FUNCTION: Final = -1

# What is below /run stays where it is, but for our own folder: nvidia-persistenced and drivers in containers live there.
_CONTAINER: Final = """
mkdir -p "$1/run"
mount --rbind /run "$1/run"
mount -t tmpfs tmpfs /run
for entry in "$1"/run/*; do
    name=${entry##*/}
    if [ "$name" != hami.io ] && [ -d "$entry" ]; then mkdir -p "/run/$name" && mount --rbind "$entry" "/run/$name"; fi
done
mkdir -p /run/hami.io/shares/"$2"
for page in limits usage card; do
    [ -e "$1/shares/$2/$page" ] || continue
    touch /run/hami.io/shares/"$2"/$page
    mount --bind "$1/shares/$2/$page" /run/hami.io/shares/"$2"/$page
done
export LD_PRELOAD="$3"
shift 3
exec "$@"
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the driver, to one request."""

    error: int
    """CUresult; 0: success."""
    bytes: int

    @property
    def is_unknown(self) -> bool:
        """Whether the driver does not have the function."""
        return self.error == _NO_SUCH_FUNCTION


class Process:
    """The probe, running in a share."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        started = self._answer()
        if started.error:
            raise UnavailableError(
                f"CUDA cannot be used in a share: error {started.error}; does a program work without it?"
            )

    @property
    def pid(self) -> int:
        """In the PID namespace of this program."""
        return self._process.pid

    def ask(self, do: str, **more: int) -> Answer:
        """Have one thing done."""
        stdin = cast("IO[str]", self._process.stdin)
        with suppress(BrokenPipeError):  # one that has ended gives no answer
            stdin.write(json.dumps({"do": do, **more}) + "\n")
            stdin.flush()
        return self._answer()

    def _answer(self) -> Answer:
        line = cast("IO[str]", self._process.stdout).readline()
        if not line:
            status = self._process.wait()
            raise UnavailableError(
                f"a program in a share ended with {status}; mounting needs root or user namespaces (user.max_user_namespaces)"
            )
        return Answer(**json.loads(line))


@dataclass(frozen=True, slots=True)
class TimeShare:
    """What a tenant has of its card's time. Those that take turns have one folder, the pages of its cards, and names of their own."""

    name: str = "share"
    cores_percent: int = 0
    """Of the card; 0: not limited."""
    config: ShareConfig = field(default_factory=ShareConfig)
    cards: CardPages | None = None


class Tenant:
    """One share of a card, and the programs in it."""

    def __init__(
        self,
        folder: Path,
        driver_root: Path,
        card: Card,
        share_mib: int,
        context_bytes: int,
        memory_scaling: float = 1.0,
        time: TimeShare | None = None,
    ) -> None:
        """`folder` gets its pages; with a scaling above 1 the card is oversubscribed."""
        time = time or TimeShare()
        self.folder = folder
        self._driver_root = driver_root
        self._share = Share(
            time.name,
            "main",
            "node",
            card.share_device_name,
            "share",
            card.uuid,
            False,
            share_mib * MIB,
            time.cores_percent,
            100,
            time.config,
            memory_scaling=memory_scaling,
        )
        self.shares_folder.mkdir(exist_ok=True)
        ShareFolders(self.shares_folder, boot_id(), {card.uuid: context_bytes}, time.cards).create(self._share)

    @property
    def shares_folder(self) -> Path:
        """Where the pages are."""
        return self.folder / "shares"

    @property
    def share_folder(self) -> Path:
        """Where this share's pages are."""
        return self.shares_folder / self._share.name

    @property
    def claim(self) -> Claim:
        """What the node's accounting knows the share by."""
        return Claim("gpu-check", "default", "gpu-check", (self._share,))

    @property
    def limit_bytes(self) -> int:
        """The share's size."""
        return self._share.memory_bytes

    def charged_bytes(self) -> int:
        """Return what the share's processes account."""
        with (self.shares_folder / self._share.name / USAGE).open("rb", buffering=0) as page:
            return read_totals(page.read(USAGE_HEADER_BYTES)).used_bytes

    @contextmanager
    def process(self) -> Iterator[Process]:
        """Run the probe inside the block."""
        with subprocess.Popen(
            self._command(sys.executable, str(_PROBE)),
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                yield Process(running)
            finally:
                running.kill()

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run any program to its end."""
        return subprocess.run(
            self._command(*command), env=self._environment(), check=False, capture_output=True, text=True
        )

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start any program, to be ended by whoever asked for it."""
        return subprocess.Popen(
            self._command(*command),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start_bare(self, *command: str) -> "subprocess.Popen[str]":
        """Start a program on the same card without the library."""
        return subprocess.Popen(
            command, env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def _command(self, *command: str) -> list[str]:
        alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        return [*alone, "sh", "-euc", _CONTAINER, "sh", str(self.folder), self._share.name, str(LIBRARY), *command]

    def _environment(self) -> dict[str, str]:
        libraries = library_folder(self._driver_root)
        chosen = {"CUDA_VISIBLE_DEVICES": self._share.card_uuid}
        return os.environ | chosen | ({"LD_LIBRARY_PATH": str(libraries)} if libraries else {})


def boot_id() -> UUID:
    """Return what the pages know this start of the machine by."""
    return UUID(Path("/proc/sys/kernel/random/boot_id").read_text().strip())


def library_folder(driver_root: Path) -> Path | None:
    """Return the folder of the driver's libraries below a driver root; None: the loader knows."""
    if driver_root == Path("/"):
        return None
    folders = (driver_root / folder for folder in LIBRARY_FOLDERS)
    return next((folder for folder in folders if (folder / "libcuda.so.1").exists()), None)
