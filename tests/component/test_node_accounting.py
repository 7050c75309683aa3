"""The node refunds what dead processes held, and contexts are charged: with the programs that ship, on shares that processes have
mounted."""

import fcntl
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from uuid import UUID

import pytest

from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import read_limits
from dra_driver.shares.share import Share
from dra_driver.shares.slots import NOTHING, Holdings
from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards
from tests.holdings import read_holdings

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "simulated_programs"
REAPER = REPOSITORY / "build/hami-reap"
CARD = "GPU-00000000-0000-0000-0000-000000000001"
HELD = 30 * MIB
SHARE_MIB = 1000
CONTEXT_MIB = 64
"""What a context takes of the simulated card."""

CONTAINER = """
mount -t tmpfs tmpfs /run
mkdir -p /run/hami.io/shares/"$2"
for page in limits usage; do
    touch /run/hami.io/shares/"$2"/$page
    mount --bind "$1/$2/$page" /run/hami.io/shares/"$2"/$page
done
[ "$3" = - ] || export LD_PRELOAD="$3"
shift 3
exec "$@"
"""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")


def make_share(folder: Path, name: str, card_uuid: str = CARD, context_mib: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    share = Share(name, "main", "node", "gpu-0-share", name, card_uuid, False, SHARE_MIB * MIB, 0, 100, ShareConfig())
    ShareFolders(folder, UUID(int=7), {card_uuid: context_mib * MIB}).create(share)
    return folder / name / "usage"


def scribble(usage: Path, slot: int, held_bytes: int, sequence: int = 1) -> None:
    """Write what a process leaves that was killed after its last operation."""
    start = layout.USAGE_FIELDS["slots"][0] + slot * layout.SLOT_BYTES
    charges = start + layout.SLOT_FIELDS["charge_bytes"][0] + 8 * (sequence & 1)
    with usage.open("r+b") as page:
        for offset, value in ((start, sequence), (charges, held_bytes)):
            page.seek(offset)
            page.write(struct.pack("<Q", value))
        page.seek(layout.USAGE_FIELDS["word"][0])
        (used,) = struct.unpack("<Q", page.read(8))
        page.seek(layout.USAGE_FIELDS["word"][0])
        page.write(struct.pack("<2Q", used + held_bytes, slot << 48 | sequence))


@contextmanager
def slot_held(usage: Path, slot: int) -> Iterator[None]:
    with usage.open("r+b") as page:
        lock = struct.pack("=hh4xqqi4x", fcntl.F_WRLCK, os.SEEK_SET, layout.SLOT_LOCK_OFFSET + slot, 1, 0)
        fcntl.fcntl(page, fcntl.F_OFD_SETLK, lock)
        yield


def reap(*shares: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([REAPER, *shares], capture_output=True, text=True, check=False, timeout=60)


def test_the_dead_are_told_from_the_living_and_refunded_alone(tmp_path: Path) -> None:
    usage = make_share(tmp_path, "one")
    assert read_holdings(usage) == NOTHING
    scribble(usage, 1000, HELD)
    # A later word took the place of the first slot's: its operation is known by `done`, which a peer would have raised.
    with usage.open("r+b") as page:
        page.seek(layout.USAGE_FIELDS["slots"][0] + 1000 * layout.SLOT_BYTES + layout.SLOT_FIELDS["done"][0])
        page.write(struct.pack("<Q", 1))
    scribble(usage, 3, 5 * MIB)
    with slot_held(usage, 3):
        assert read_holdings(usage) == Holdings(5 * MIB, HELD)
        assert reap(tmp_path / "one").returncode == 0
        assert read_holdings(usage) == Holdings(5 * MIB, 0)
    assert read_holdings(usage) == Holdings(0, 5 * MIB)
    assert reap(tmp_path / "one").returncode == 0
    assert read_holdings(usage) == NOTHING
    assert struct.unpack_from("<Q", usage.read_bytes(), layout.USAGE_FIELDS["reaps"][0]) == (2,)


def test_an_operation_that_took_no_effect_is_not_held(tmp_path: Path) -> None:
    usage = make_share(tmp_path, "one")
    scribble(usage, 0, HELD)
    with usage.open("r+b") as page:
        page.seek(layout.USAGE_FIELDS["slots"][0] + layout.SLOT_FIELDS["done"][0])
        page.write(struct.pack("<3Q", 1, 7 * MIB, HELD))
        page.seek(layout.USAGE_FIELDS["slots"][0])
        page.write(struct.pack("<Q", 2))
    assert read_holdings(usage) == Holdings(0, HELD)


def test_a_page_that_its_container_damaged_keeps_nobody_elses_refund(tmp_path: Path) -> None:
    cut, scribbled, gone, whole = (make_share(tmp_path, name) for name in ("cut", "scribbled", "gone", "whole"))
    scribble(whole, 9, HELD)
    os.truncate(cut, 4096)
    scribbled.write_bytes(os.urandom(layout.USAGE_BYTES))
    gone.unlink()
    ended = reap(*(tmp_path / name for name in ("cut", "scribbled", "gone", "whole")))
    assert ended.returncode == 1
    assert [line.split(": ")[0] for line in ended.stderr.splitlines()] == ["hami-reap"] * 3
    assert read_holdings(whole) == NOTHING


class Containers:
    """A node with one simulated card and one share of it, which processes have mounted as a container has."""

    def __init__(self, folder: Path, context_mib: int = CONTEXT_MIB) -> None:
        """`context_mib` is what the share's page says of contexts; 0: nothing is charged that no process accounts."""
        cards_file = folder / "cards.yaml"
        cards_file.write_text("cards:\n- model: NVIDIA A100-SXM4-80GB\n")
        (card,) = load_cards(cards_file, "node-a")
        self.root, self.shares, self.card_uuid = folder / "root", folder / "shares", card.uuid
        build_driver_root((card,), REPOSITORY / "build/sim", self.root, real_driver=folder / "none")
        self.usage = make_share(self.shares, "one", card.uuid, context_mib)

    def command(
        self, *command: str | Path, library: str | Path = REPOSITORY / "build/libvgpu.so", share: str = "one"
    ) -> list[str | Path]:
        """`library` is preloaded; `-`: none is."""
        return ["unshare", "--mount", "sh", "-euc", CONTAINER, "sh", self.shares, share, library, *command]

    def overhead_mib(self) -> float:
        return read_limits((self.shares / "one/limits").read_bytes()).overhead_bytes / MIB

    def seen_used_mib(self) -> str:
        ask = self.command(self.root / "usr/bin/nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits")
        return subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()

    def cannot_start(self) -> bool:
        """Whether a process is refused a context: CUDA_ERROR_OUT_OF_MEMORY."""
        ended = subprocess.run(self.holder(2), check=False, capture_output=True, text=True)
        return ended.returncode == 1 and "CUDA error 2" in ended.stderr

    def holder(self, mib: int, preloaded: str | Path = REPOSITORY / "build/libvgpu.so") -> list[str | Path]:
        library = self.root / LIBRARY_FOLDER / "libcuda.so.1"
        return self.command(sys.executable, PROGRAMS / "cuda_holder.py", library, str(mib), "2", library=preloaded)

    def stranger(self, mib: int) -> list[str | Path]:
        """A process that has no share mounted."""
        library = self.root / LIBRARY_FOLDER / "libcuda.so.1"
        return [sys.executable, PROGRAMS / "cuda_holder.py", library, str(mib), "2"]

    @contextmanager
    def holding(self, mib: int) -> Iterator[int]:
        """Keep a process that allocates so much, as far as it may; yields the MiB that it got."""
        with held_by(self.holder(mib)) as (_, held_mib):
            yield held_mib

    @contextmanager
    def accounting(self, *, overhead: bool = True) -> Iterator["Looks"]:
        program: list[str | Path] = [
            sys.executable,
            PROGRAMS / "accounting.py",
            self.root,
            "charge" if overhead else "refund",
            self.shares,
            REAPER,
            self.card_uuid,
            "one",
        ]
        with subprocess.Popen(
            program, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": "."}
        ) as process:
            yield Looks(process)
            cast("IO[str]", process.stdin).close()


@contextmanager
def held_by(command: list[str | Path]) -> Iterator[tuple[int, int]]:
    """Keep a process; yields its PID, and the MiB that it got."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert answer(process) == "ready"
            ask(process)
            yield process.pid, int(answer(process))
        finally:
            process.kill()


class Looks:
    """Looks of the node, when they are asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.found: list[str] = []
        """What the cross-check found at the last look: reasons and PIDs."""

    def __call__(self) -> bool:
        ask(self._process)
        busy, *self.found = answer(self._process).split()
        return busy == "True"


def ask(process: "subprocess.Popen[str]") -> None:
    stdin = cast("IO[str]", process.stdin)
    stdin.write("\n")
    stdin.flush()


def answer(process: "subprocess.Popen[str]") -> str:
    return cast("IO[str]", process.stdout).readline().strip()


@needs_root
def test_contexts_are_charged_from_their_first_moment_until_their_process_ends(tmp_path: Path) -> None:
    node = Containers(tmp_path)
    with node.accounting() as look:
        assert not look()
        with node.holding(400) as held_mib:
            assert held_mib == 400
            assert node.seen_used_mib() == str(400 + CONTEXT_MIB), "no look of the node was needed"
            with node.holding(SHARE_MIB) as rest_mib:
                assert rest_mib == SHARE_MIB - 400 - 2 * CONTEXT_MIB
                assert node.cannot_start(), "a third context does not fit the share"
                for _ in range(3):
                    assert look()
                    assert node.overhead_mib() == 0, "there is nothing that processes do not account"
        look()
        assert read_holdings(node.usage) == NOTHING, "all were killed, and refunded by that look"
        assert not look()


@needs_root
@pytest.mark.parametrize("context_mib", [16, CONTEXT_MIB, 100])
def test_what_a_page_says_of_contexts_is_corrected_by_what_nvml_sees(tmp_path: Path, context_mib: int) -> None:
    node = Containers(tmp_path, context_mib)
    missing_mib = max(0, CONTEXT_MIB - context_mib)
    with node.accounting() as look, node.holding(400) as held_mib:
        assert held_mib == 400
        assert look()
        assert node.overhead_mib() == 0, "one look is not enough"
        assert look()
        assert node.overhead_mib() == missing_mib
        assert node.seen_used_mib() == str(400 + context_mib + missing_mib)
        with node.holding(SHARE_MIB) as rest_mib:
            assert rest_mib == SHARE_MIB - 400 - 2 * context_mib - missing_mib
            assert look()
            assert look()
            assert node.overhead_mib() == 2 * missing_mib, (
                "over the limit by what the page did not say, until memory is freed"
            )


@needs_root
def test_a_share_that_was_made_without_keeps_its_whole_size(tmp_path: Path) -> None:
    node = Containers(tmp_path, context_mib=0)
    with node.accounting() as look, node.holding(SHARE_MIB) as held_mib:
        assert held_mib == SHARE_MIB
        assert look()
        assert look()
        assert node.overhead_mib() == 0


@needs_root
def test_without_overhead_the_dead_are_refunded_all_the_same(tmp_path: Path) -> None:
    node = Containers(tmp_path)
    with node.accounting(overhead=False) as look:
        with node.holding(SHARE_MIB) as held_mib:
            assert held_mib == SHARE_MIB - CONTEXT_MIB
            look()
            look()
            assert node.overhead_mib() == 0
        look()
        assert read_holdings(node.usage) == NOTHING


@needs_root
def test_programs_with_the_interceptor_are_never_found(tmp_path: Path) -> None:
    node = Containers(tmp_path)
    with node.accounting() as look, node.holding(400), node.holding(SHARE_MIB):
        for _ in range(4):
            assert look()
            assert look.found == []


@needs_root
def test_a_program_of_a_share_that_runs_without_the_interceptor_is_found_once(tmp_path: Path) -> None:
    """As one does that is linked statically, has a loader of its own, or asks the driver before anybody else."""
    node = Containers(tmp_path)
    with node.accounting() as look, node.holding(100), held_by(node.holder(2 * SHARE_MIB, preloaded="-")) as (pid, mib):
        assert mib == 2 * SHARE_MIB, "nothing held it"
        found = [entry for _ in range(4) if look() for entry in look.found]
        assert found == [f"unaccounted:{pid}"]


@needs_root
def test_a_process_that_uses_the_card_and_has_no_share_is_found_once(tmp_path: Path) -> None:
    node = Containers(tmp_path)
    with node.accounting() as look, held_by(node.stranger(100)) as (pid, _):
        found = [entry for _ in range(4) if look() for entry in look.found]
        assert found == [f"node:{pid}"], "it is in no pod"
