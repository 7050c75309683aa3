"""A driver that is killed at every change it makes to the disk, and what the next one makes of it. Prints one JSON report.

Prepare, Unprepare, the restart itself and the removal of garbage are run in forked processes; an audit hook ends the process at its
n-th change or lock, as `kill -9` would: nothing is cleaned up. The next driver is one that starts, or one that lived beside the killed
one all the time. Run as a program of its own, since a process with threads cannot be forked safely.
"""

import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from dra_driver.claims.checkpoint import CheckpointFile, decode
from dra_driver.claims.garbage import Garbage
from dra_driver.claims.prepare import PreparedClaims, PreparedDevice
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ClaimGoneError, ClaimReference
from dra_driver.containers.edits import cdi_device
from dra_driver.instances import Presence
from dra_driver.kubelet.server import Sockets
from tests.unit.driver_objects import CLAIM_UID, claim_object, share_result, whole_result
from tests.unit.test_prepare import BOOT, REFERENCE, GivenClaims, node_at

CHANGES = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "fcntl.flock"})
KILLED = 9
UNFIT = 1
CLAIM = claim_object(share_result(request="a"), whole_result("gpu-1", request="b"))

Act = Callable[[Path], None]


def opened(folder: Path) -> PreparedClaims:
    node = node_at(folder)
    return PreparedClaims(
        node, GivenClaims({CLAIM_UID: CLAIM}), restore(node, CheckpointFile(folder / "checkpoint.json"), BOOT)
    )


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  whatever the work returns
    return asyncio.run(work)


def prepare(folder: Path) -> None:
    run(opened(folder).prepare(REFERENCE))


def unprepare(folder: Path) -> None:
    run(opened(folder).unprepare(REFERENCE))


def collect(folder: Path) -> None:
    """Remove garbage on a node whose claim exists nowhere any more."""
    node = node_at(folder)
    sockets = Sockets.below(folder / "kubelet")
    claims = opened(folder)
    for path in (sockets.plugin.parent, sockets.registration.parent, folder / "lib"):
        path.mkdir(parents=True, exist_ok=True)
    run(Garbage(node, claims, NoClaims(), Presence(sockets, None), folder / "kubelet/state", folder / "lib").collect())


class NoClaims:
    """An API server without any claim."""

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        raise ClaimGoneError(f"{reference}: gone")


def check(folder: Path) -> None:
    """Whatever happened before: a new driver prepares, answers as ever, and leaves nothing when it has unprepared."""
    claims = opened(folder)
    agrees(folder)
    devices = run(claims.prepare(REFERENCE))
    assert answer(devices) == answer(run(opened(folder).prepare(REFERENCE)))
    agrees(folder)
    assert len(decode((folder / "checkpoint.json").read_bytes()).claims) == 1
    run(opened(folder).unprepare(REFERENCE))
    left = [str(path) for name in ("cdi", "shares", "metadata") for path in (folder / name).rglob("*")]
    assert left == [], left
    opened(folder)
    assert list((folder / "cards").iterdir()) == [], "a page of a card that no share maps is removed"
    assert {path.name for path in folder.iterdir() if path.is_file()} == {"checkpoint.json", "checkpoint.lock"}


def check_garbage(folder: Path) -> None:
    """Whatever a killed collection left: the next one leaves nothing."""
    collect(folder)
    assert nothing_is_left(folder)
    assert list((folder / "lib").glob("*/*")) == []
    assert [path.name for path in (folder / "kubelet").rglob("*") if path.is_socket() or path.suffix == ".lock"] == []
    check(folder)


def nothing_is_left(folder: Path) -> bool:
    agrees(folder)
    return decode((folder / "checkpoint.json").read_bytes()).claims == () and not any(
        path for name in ("cdi", "shares") for path in (folder / name).rglob("*")
    )


def check_survivor(claims: PreparedClaims, folder: Path) -> None:
    """Whatever the killed driver left: one that lived beside it prepares, takes back, and cleans up."""
    devices = run(claims.prepare(REFERENCE))
    (claim,) = decode((folder / "checkpoint.json").read_bytes()).claims
    assert answer(devices) == [cdi_device(share) for share in claim.shares]
    assert (folder / f"cdi/hami.io-claim_{claim.uid}.json").exists()
    assert (folder / "shares" / claim.shares[0].name / "usage").stat().st_size
    run(claims.unprepare(REFERENCE))
    collect(folder)
    assert nothing_is_left(folder)


def answer(devices: tuple[PreparedDevice, ...]) -> list[str]:
    return [device.cdi_device for device in devices]


def agrees(folder: Path) -> None:
    """Specs and share directories are exactly those of the checkpoint, and whole."""
    path = folder / "checkpoint.json"
    claims = decode(path.read_bytes()).claims if path.exists() else ()
    specs = {spec.name for spec in (folder / "cdi").iterdir() if spec.suffix == ".json"}
    assert specs == {f"hami.io-claim_{claim.uid}.json" for claim in claims}, specs
    metadata = {f"{claim.uid}_{share.request}.json" for claim in claims for share in claim.shares}
    found = {file.name for file in (folder / "metadata").iterdir()}
    assert found == metadata, found
    shares = {share.name for claim in claims for share in claim.shares if not share.whole}
    assert {share.name for share in (folder / "shares").iterdir()} == shares
    assert all(
        (folder / "shares" / share / page).stat().st_size for share in shares for page in ("limits", "usage", "card")
    )


def killed_at(change: int, folder: Path, act: Act) -> int:
    """Run `act` in a process that dies before its `change`-th change below `folder`; return how it ended."""
    child = os.fork()
    if child == 0:
        code = UNFIT
        try:
            if change:
                die_at(change, folder)
            act(folder)
            code = 0
        except BaseException as error:  # noqa: BLE001  the report must not be lost in a fork
            print(f"{act.__name__} at {change}: {error!r}", file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(change: int, folder: Path) -> None:
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in CHANGES and _place(event, arguments).startswith(str(folder)) and not _reading(event, arguments):
            seen += 1
            if seen == change:
                os._exit(KILLED)

    sys.addaudithook(count)


def _place(event: str, arguments: tuple[Any, ...]) -> str:
    return str(Path(f"/proc/self/fd/{arguments[0]}").readlink()) if event == "fcntl.flock" else str(arguments[0])


def _reading(event: str, arguments: tuple[Any, ...]) -> bool:
    return event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_DIRECTORY)


def killed_beside(change: int, folder: Path, act: Act) -> int:
    """Do as `killed_at` beside a driver that is already there; return how the killed one ended, or `UNFIT` if the other fails."""
    child = os.fork()
    if child == 0:
        code = UNFIT
        try:
            survivor = opened(folder)
            ended = killed_at(change, folder, act)
            check_survivor(survivor, folder)
            code = ended
        except BaseException as error:  # noqa: BLE001  as above
            print(f"beside {act.__name__} at {change}: {error!r}", file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def every_kill(
    before: list[Act], act: Act, kill: Callable[[int, Path, Act], int] = killed_at, after: Act = check
) -> dict[str, Any]:
    """Kill `act` at each of its changes in turn; report how many there were and how the next driver fared."""
    failures: list[int] = []
    change = 0
    while True:
        change += 1
        folder = Path(tempfile.mkdtemp(prefix="hami-crash-"))
        node_at(folder)
        for earlier in before:
            assert killed_at(0, folder, earlier) == 0
        code = kill(change, folder, act)
        if code not in (0, KILLED) or killed_at(0, folder, after) != 0:
            failures.append(change)
        shutil.rmtree(folder)
        if code != KILLED:
            return {"kills": change - 1, "failures": failures}


def reopen(folder: Path) -> None:
    opened(folder)


def half_done(folder: Path) -> None:
    """Leave what a killed driver may leave at worst: a checkpoint without its files, and files without a claim."""
    shutil.rmtree(folder / "cdi")
    shutil.rmtree(folder / "shares")
    shutil.rmtree(folder / "metadata")
    node_at(folder)
    (folder / "cdi/hami.io-claim_gone.json").write_text("{}")
    (folder / "shares/gone").mkdir()
    (folder / "shares/.new-gone").mkdir()
    (folder / "metadata/gone_a.json").write_text("{}")


def abandoned(folder: Path) -> None:
    """Leave what only the removal of garbage takes away: files without a claim, an old library, the sockets of a dead driver."""
    (folder / "cdi/hami.io-claim_gone.json").write_text("{}")
    (folder / "shares/gone").mkdir()
    (folder / "shares/.new-gone").mkdir()
    (folder / "lib/0123").mkdir(parents=True)
    (folder / "lib/0123/libvgpu.so").touch()
    sockets = Sockets.below(folder / "kubelet", "dead")
    for path in (sockets.plugin, sockets.registration):
        path.parent.mkdir(parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    (folder / "kubelet/state").write_text("the kubelet knows nothing")


if __name__ == "__main__":
    report = {
        "prepare": every_kill([], prepare),
        "unprepare": every_kill([prepare], unprepare),
        "restart": every_kill([prepare, half_done], reopen),
        "prepare beside another": every_kill([], prepare, killed_beside, reopen),
        "unprepare beside another": every_kill([prepare], unprepare, killed_beside, reopen),
        "restart beside another": every_kill([prepare], reopen, killed_beside, reopen),
        "garbage": every_kill([prepare, abandoned], collect, after=check_garbage),
    }
    print(json.dumps(report))
