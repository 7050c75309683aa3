"""The real `hami-dra driver` as a process, with simulated cards and folders of its own."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dra_driver.containers.library import SHIMS
from dra_driver.shares.folders import CARD, LIMITS, USAGE

SIMULATED_DRIVER = Path(__file__).parents[2] / "build/sim"
CARDS = "cards:\n- model: NVIDIA A100-SXM4-80GB\n  count: 2\n"
NODE = "node-a"
STOP_S = 30.0


@dataclass(frozen=True)
class DriverNode:
    """A node's folders, and the flags that make a driver use them."""

    folder: Path
    kubeconfig: Path
    split_count: int = 26
    more: tuple[str, ...] = ()
    """Further flags."""
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        if not (SIMULATED_DRIVER / "libcuda.so.1").exists():
            raise FileNotFoundError(f"{SIMULATED_DRIVER} is not built; run make native")
        object.__setattr__(self, "log", self.folder / "driver.log")
        self.cards_file.write_text(CARDS)
        for name in ("libvgpu.so", *SHIMS.values()):
            (self.folder / name).write_bytes(b"\x7fELF")
        (self.folder / "sim").symlink_to(SIMULATED_DRIVER)

    @property
    def cards_file(self) -> Path:
        return self.folder / "cards.yaml"

    @property
    def kubelet_folder(self) -> Path:
        return self.folder / "kubelet"

    @property
    def checkpoint(self) -> Path:
        return self.kubelet_folder / "plugins/hami.io/checkpoint.json"

    @property
    def specs(self) -> list[Path]:
        return sorted((self.folder / "cdi").iterdir())

    @property
    def shares(self) -> list[Path]:
        return sorted((self.folder / "state/shares").iterdir())

    @property
    def arguments(self) -> list[str]:
        flags = {
            "--node-name": NODE,
            "--kubeconfig": self.kubeconfig,
            "--backend": "simulated",
            "--cards": self.cards_file,
            "--library": self.folder / "libvgpu.so",
            "--kubelet-dir": self.kubelet_folder,
            "--cdi-dir": self.folder / "cdi",
            "--state-dir": self.folder / "state",
            "--split-count": self.split_count,
            "--metrics-listen": "127.0.0.1:0",
        }
        return [*(str(word) for flag in flags.items() for word in flag), *self.more]

    def pages(self, share: Path) -> dict[str, tuple[int, int]]:
        """Return inode and mode of a share's pages."""
        return {
            name: (status.st_ino, status.st_mode & 0o777)
            for name, status in ((name, (share / name).stat()) for name in (LIMITS, USAGE, CARD))
        }


@asynccontextmanager
async def driver(node: DriverNode, *more: str, log: Path | None = None) -> AsyncIterator[Process]:
    """Run a driver inside the block; it must end well when it is told to, unless it has ended already."""
    process = await start(node, log or node.log, *more)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            code = await process.wait()
    assert code in (0, -signal.SIGKILL), node.log.read_text()


async def failing(node: DriverNode, *more: str) -> str:
    """Run a driver that cannot start, and return its message."""
    log = node.folder / "refused.log"
    process = await start(node, log, *more)
    async with asyncio.timeout(STOP_S):
        code = await process.wait()
    text = log.read_text()
    assert code == 1, text
    assert "Traceback" not in text
    return text.splitlines()[-1]


async def start(node: DriverNode, log_file: Path, *more: str) -> Process:
    with log_file.open("w") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", "driver", *node.arguments, *more,
            stdout=log, stderr=log,
        )  # fmt: skip
