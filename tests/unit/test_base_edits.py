"""The node's own CDI spec: what containers get by it, what is not believed, where it comes from, and when it is read anew."""

import asyncio
import json
import logging
import os
import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import HamiError, InvalidInputError
from catalog.yaml_text import parse_yaml
from cdi.foreign import parse_spec
from cdi.spec import Device, Spec
from dra_driver.cards.base_edits import BASE_KIND, BaseEdits, base_edits
from dra_driver.cards.base_source import AUTO, BaseSource
from dra_driver.claims.allocation import read_claim
from dra_driver.containers.driver_files import DriverFiles
from dra_driver.containers.edits import claim_spec
from tests.conftest import Golden
from tests.unit.driver_objects import NODE, Object, card, claim_object, files_of_real_node, share_result, whole_result
from tests.waiting import until

CARDS = (card(0), card(1))
LIBRARY = "/usr/lib64/libcuda.so.580.95.05"
MOUNT = {"hostPath": LIBRARY, "containerPath": LIBRARY, "options": ["ro", "nosuid", "nodev", "rbind", "rprivate"]}
HOOK = {
    "hookName": "createContainer",
    "path": "/usr/bin/nvidia-cdi-hook",
    "args": ["nvidia-cdi-hook", "update-ldcache", "--folder", "/usr/lib64"],
    "env": ["NVIDIA_CTK_DEBUG=false"],
}


def device(name: str, *paths: str, **more: Any) -> Object:  # noqa: ANN401
    return {"name": name, "containerEdits": {"deviceNodes": [{"path": path} for path in paths]} | more}


def document(*devices: Object, **edits: Any) -> Object:  # noqa: ANN401
    """Return a spec in the shape that nvidia-ctk writes."""
    common = {
        "env": ["NVIDIA_VISIBLE_DEVICES=void", "NVIDIA_CTK_LIBCUDA_DIR=/usr/lib64"],
        "deviceNodes": [{"path": "/dev/nvidiactl", "type": "c", "major": 195, "minor": 255}],
        "hooks": [HOOK],
        "mounts": [MOUNT],
    }
    own = devices or (
        device("0", "/dev/nvidia0", "/dev/dri/card1", additionalGids=[44]),
        device("1", "/dev/nvidia1"),
        device("0:1", "/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap12"),
        device("all", "/dev/nvidia0", "/dev/nvidia1"),
    )
    return {"cdiVersion": "0.7.0", "kind": BASE_KIND, "devices": list(own), "containerEdits": common | edits}


def read(given: Object, root: str = "/", absent: str = "") -> BaseEdits:
    spec = parse_spec(json.dumps(given), "nvidia.json", BASE_KIND)
    assert spec is not None
    return base_edits(spec, CARDS, Path(root), lambda path: path != absent)


def test_a_claim_has_the_nodes_own_edits_and_ours(golden: Golden) -> None:
    claim = read_claim(claim_object(share_result(request="main"), whole_result("gpu-1", request="big")), NODE, CARDS)
    spec = claim_spec(claim, replace(files_of_real_node(*CARDS), base=read(document())))
    golden("cdi/share-and-whole-card-base-spec.json", json.dumps(spec.document(), indent=2) + "\n")


def test_yaml_and_json_say_the_same() -> None:
    for text in (yaml.safe_dump(document()), json.dumps(document())):
        spec = parse_spec(text, "nvidia", BASE_KIND)
        assert spec == parse_spec(json.dumps(document()), "nvidia", BASE_KIND)
    assert parse_spec(json.dumps(document() | {"kind": "a.b/c"}), "other", BASE_KIND) is None


def test_a_spec_without_hooks_and_groups_is_of_a_lower_version() -> None:
    base = read(document(device("0", "/dev/nvidia0"), device(CARDS[1].uuid, "/dev/nvidia1"), hooks=None))
    spec = Spec("hami.io/claim", (Device("a", base.cards[CARDS[0].uuid]),), base.common)
    assert spec.version == "0.3.0"
    assert "hooks" not in spec.document()["containerEdits"]


def test_mig_devices_are_had_by_their_names_and_never_a_card_of_others() -> None:
    base = read(document())
    edits = base.named(("MIG-unknown", "0:1"), minor=0)
    assert edits is not None
    assert [node.path for node in edits.device_nodes] == ["/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap12"]
    assert base.named(("0:7",), minor=0) is None
    with pytest.raises(InvalidInputError, match="0:1 gives /dev/nvidia0 and not /dev/nvidia1"):
        base.named(("0:1",), minor=1)


def test_files_are_taken_from_the_driver_root_and_programs_from_the_host() -> None:
    base = read(document(), root="/run/nvidia/driver")
    assert base.common.mounts[0].host_path == f"/run/nvidia/driver{LIBRARY}"
    assert base.common.mounts[0].container_path == LIBRARY
    assert base.common.hooks[0].path == HOOK["path"]
    assert base.common.device_nodes[0].host_path == "/run/nvidia/driver/dev/nvidiactl"
    assert read(document(), "/run/d", absent=f"/run/d{LIBRARY}").common.mounts[0].host_path == LIBRARY


@pytest.mark.parametrize(
    ("given", "absent", "words"),
    [
        (document(), LIBRARY, f"{LIBRARY} is not there; write it anew"),
        (document(), str(HOOK["path"]), "nvidia-cdi-hook is not there"),
        (document(device("0", "/dev/nvidia1"), device("1", "/dev/nvidia0")), "", "0 gives /dev/nvidia1 and not"),
        (document(device("0", "/dev/nvidia0", "/dev/nvidia1")), "", "gives /dev/nvidia0, /dev/nvidia1 and not"),
        (document(device("0", "/dev/nvidia0")), "", "has no device for card 1"),
        (document(deviceNodes=[{"path": "/dev/nvidia0"}]), "", "give every container /dev/nvidia0"),
        (document(mounts=[MOUNT | {"containerPath": "/etc/ld.so.preload"}]), "", "where the interceptor stands"),
        (document(mounts=[MOUNT | {"containerPath": "/run"}]), "", "where the interceptor stands"),
        (document(mounts=[{"hostPath": "/dev", "containerPath": "/dev"}]), "", "the whole of /dev"),
        (document(netDevices=[]), "", "unknown field `netDevices`"),
        (document(mounts=[MOUNT | {"type": "tmpfs"}]), "", "type 'tmpfs' is not bind"),
        (document(device("0", "/dev/nvidia0"), device("0", "/dev/nvidia0")), "", "occurs twice"),
    ],
)
def test_what_does_not_fit_this_node_is_refused(given: Object, absent: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read(given, absent=absent)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.sampled_from(["/dev/nvidia0", "/a/../b", "A=b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_a_spoilt_spec_is_refused_in_words_or_gives_no_card_to_others(data: st.DataObject) -> None:
    spoilt = deepcopy(document())
    at: Any = spoilt
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        at[key] = data.draw(JSON)
        break
    try:
        spec = parse_spec(json.dumps(spoilt), "nvidia.json", BASE_KIND)
        base = None if spec is None else base_edits(spec, CARDS, Path("/"), lambda _: True)
    except HamiError:
        return
    for each in CARDS if base else ():
        nodes = {node.host_path or node.path for node in base.cards[each.uuid].device_nodes} if base else set()
        assert not nodes & ({f"/dev/nvidia{other.minor}" for other in CARDS} - {f"/dev/nvidia{each.minor}"})


@given(st.text() | st.sampled_from(["2020-13-45", "[" * 4000, "? {a: b}\n: c", "!!int x", "=", "&a [*a]", "{" * 3000]))
def test_text_is_yaml_or_an_error_in_words(text: str) -> None:
    try:
        parse_yaml(text, "file")
    except InvalidInputError as error:
        assert str(error).startswith("file: not YAML")  # noqa: PT017
    try:
        parse_spec(text, "file", BASE_KIND)
    except InvalidInputError as error:
        assert str(error).startswith("file: not")  # noqa: PT017


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A driver root in which everything is that the specs here name."""
    names = ("usr/lib64/libcuda.so.1", LIBRARY, "usr/bin/nvidia-cdi-hook", "usr/bin/nvidia-smi")
    devices = ("nvidiactl", "nvidia0", "nvidia1", "dri/card1", "nvidia-caps/nvidia-cap12")
    for name in (*names, *(f"dev/{name}" for name in devices)):
        path = tmp_path / "root" / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "cdi").mkdir()
    return tmp_path / "root"


def toolkit(root: Path, script: str) -> None:
    path = root / "usr/bin/nvidia-ctk"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def source(root: Path, wanted: str = AUTO, patience_s: float = 20.0) -> BaseSource:
    return BaseSource(wanted, root, CARDS, (root.parent / "cdi",), patience_s)


def answer(given: Object) -> str:
    return f"[ \"$1 $2 $3 $4 $5\" = 'cdi generate --format json --driver-root' ] || exit 9\ncat <<'END'\n{json.dumps(given)}\nEND"


def test_the_nodes_own_file_goes_before_the_toolkit(root: Path) -> None:
    toolkit(root, "exit 1")
    (root.parent / "cdi/nvidia.yaml").write_text(yaml.safe_dump(document()))
    (root.parent / "cdi/other.json").write_text('{"kind": "a.b/c"}')
    base = source(root).read()
    assert base is not None
    assert base.common.mounts[0].host_path == f"{root}{LIBRARY}"


def test_a_file_that_is_out_of_date_loses_to_the_toolkit(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    stale = document(mounts=[MOUNT | {"hostPath": "/usr/lib64/libcuda.so.470"}])
    (root.parent / "cdi/nvidia.json").write_text(json.dumps(stale))
    toolkit(root, answer(document()))
    found = source(root)
    assert found.read() is not None
    assert found.read() is not None
    assert caplog.text.count("libcuda.so.470 is not there") == 1


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'no NVML' >&2; exit 3", r"failed \(no NVML\); run it by hand"),
        ("exec sleep 60", "said nothing in"),
        ("echo '{'", "not YAML"),
        ("echo '[]'", "not a CDI spec"),
    ],
)
def test_a_toolkit_that_is_no_use_leaves_discovery_and_a_loud_line(
    root: Path, caplog: pytest.LogCaptureFixture, script: str, words: str
) -> None:
    toolkit(root, script)
    with caplog.at_level(logging.ERROR):
        assert source(root, patience_s=1.0 if "sleep" in script else 20.0).read() is None
    assert "NOT USED, containers get the driver as the loader's cache has it" in caplog.text
    assert re.search(words, caplog.text)


def test_a_file_that_was_named_is_used_or_the_driver_does_not_start(root: Path) -> None:
    path = root.parent / "mine.json"
    path.write_text(json.dumps(document()))
    assert source(root, str(path)).read() is not None
    path.write_text(json.dumps(document() | {"kind": "a.b/c"}))
    with pytest.raises(InvalidInputError, match=r"mine\.json: is not of kind nvidia\.com/gpu"):
        source(root, str(path)).read()
    with pytest.raises(InvalidInputError, match="No such file"):
        source(root, str(path) + "-").read()


def test_new_files_are_taken_over_once_two_looks_agree(root: Path) -> None:
    for number in CARDS:
        (root / f"dev/hami-sim{number.index}").touch()
    files = DriverFiles(files_of_real_node(*CARDS), source(root), CARDS)
    assert files.current().base is None
    (root.parent / "cdi/nvidia.json").write_text(json.dumps(document()))
    files.look()
    assert files.current().base is None
    files.look()
    assert files.current().base is not None
    assert files.current().driver_root.libraries[0].host_path.startswith(str(root))


def test_a_driver_that_goes_away_leaves_the_last_good_files(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root.parent / "cdi/nvidia.json").write_text(json.dumps(document()))
    files = DriverFiles(files_of_real_node(*CARDS), source(root), CARDS)
    before = files.current()
    (root / "usr/lib64/libcuda.so.1").unlink()
    files.look()
    files.look()
    files.look()
    assert files.current() == before
    assert caplog.text.count("NOT TAKEN OVER") == 1


async def test_the_toolkit_is_asked_after_the_start_and_nobody_waits_for_it(root: Path) -> None:
    for number in CARDS:
        (root / f"dev/hami-sim{number.index}").touch()
    toolkit(root, answer(document()))
    files = DriverFiles(files_of_real_node(*CARDS), source(root), CARDS)
    assert files.current().base is None, "the loader's cache stands meanwhile"
    following = asyncio.create_task(files.follow())
    await until(lambda: files.current().base)
    following.cancel()


async def test_who_stops_does_not_wait_for_a_toolkit_that_hangs(root: Path) -> None:
    asked, over = root / "asked", root / "over"
    os.mkfifo(over)
    toolkit(root, f"touch {asked}; read -r line < {over}")
    files = DriverFiles(files_of_real_node(*CARDS), source(root), CARDS)
    following = asyncio.create_task(files.follow())
    await until(asked.exists)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    over.write_text("\n")  # the toolkit, which was still there, ends


def test_files_of_other_drivers_change_nothing(root: Path) -> None:
    node = source(root)
    before = node.identity()
    (root.parent / "cdi/claim-1.json").write_text('{"cdiVersion": "0.5.0", "kind": "a.b/c", "devices": []}')
    assert node.identity() == before
    (root.parent / "cdi/nvidia.json").write_text(json.dumps(document()))
    assert node.identity() != before


def test_another_kernel_module_is_told_with_the_remedy_and_an_update_on_disk_is_not(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    module = root.parent / "version"
    module.write_text("NVRM version: 580.95.05\nGCC version: 12\n")
    for number in CARDS:
        (root / f"dev/hami-sim{number.index}").touch()
    files = DriverFiles(files_of_real_node(*CARDS), replace(source(root), kernel_module=module), CARDS)

    def look(text: str) -> None:
        module.write_text(text)
        files.look()
        files.look()

    (root / "usr/lib64/libcuda.so.1").write_bytes(b"newer")
    look("NVRM version: 580.95.05\nGCC version: 12\n")
    look("")
    assert "kernel module" not in caplog.text, "files that wait for a reboot, and a module that is being exchanged"
    look("NVRM version: 590.10\n")
    look("NVRM version: 590.10\n")
    assert caplog.text.count("another one is loaded now (NVRM version: 590.10)") == 1
    assert "those of the start (NVRM version: 580.95.05). Restart this driver" in caplog.text
