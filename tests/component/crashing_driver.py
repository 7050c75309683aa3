"""A driver that is killed at every change it makes to the disk, and what the next one makes of it. Prints one JSON report.

Prepare, Unprepare and the restart itself are run in forked processes; an audit hook ends the process at its n-th change, as `kill -9`
would: nothing is cleaned up. Run as a program of its own, since a process with threads cannot be forked safely.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from dra_driver.checkpoint import CheckpointFile, decode
from dra_driver.prepare import PreparedClaims, PreparedDevice
from dra_driver.recovery import restore
from tests.unit.driver_objects import CLAIM_UID, claim_object, share_result, whole_result
from tests.unit.test_prepare import BOOT, REFERENCE, GivenClaims, node_at

CHANGES = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"})
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
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["checkpoint.json"]


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
    assert all((folder / "shares" / share / page).stat().st_size for share in shares for page in ("limits", "usage"))


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
        if event in CHANGES and str(arguments[0]).startswith(str(folder)) and not _reading(event, arguments):
            seen += 1
            if seen == change:
                os._exit(KILLED)

    sys.addaudithook(count)


def _reading(event: str, arguments: tuple[Any, ...]) -> bool:
    return event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_DIRECTORY)


def every_kill(before: list[Act], act: Act) -> dict[str, Any]:
    """Kill `act` at each of its changes in turn; report how many there were and how the next driver fared."""
    failures: list[int] = []
    change = 0
    while True:
        change += 1
        folder = Path(tempfile.mkdtemp(prefix="hami-crash-"))
        node_at(folder)
        for earlier in before:
            assert killed_at(0, folder, earlier) == 0
        code = killed_at(change, folder, act)
        if code not in (0, KILLED) or killed_at(0, folder, check) != 0:
            failures.append(change)
        shutil.rmtree(folder)
        if code == 0:
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


if __name__ == "__main__":
    report = {
        "prepare": every_kill([], prepare),
        "unprepare": every_kill([prepare], unprepare),
        "restart": every_kill([prepare, half_done], reopen),
    }
    print(json.dumps(report))
