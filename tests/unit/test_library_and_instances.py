"""Versions of the interceptor come and go by who uses them; of several drivers on a node, the newest publishes and the dead go."""

import socket
from pathlib import Path

import pytest

from catalog.errors import ConflictError, InvalidInputError
from dra_driver.containers.library import install_library, remove_unused_versions
from dra_driver.instances import check_instance_id, present
from dra_driver.kubelet.server import Sockets


def interceptor(folder: Path, content: str) -> Path:
    path = folder / "libvgpu.so"
    for name in ("libvgpu.so", "libvgpu-cuda.so", "libvgpu-nvml.so"):
        (folder / name).write_bytes(b"\x7fELF" + content.encode())
    return path


def test_a_version_stays_while_a_spec_names_it_or_a_driver_holds_it(tmp_path: Path) -> None:
    held = install_library(interceptor(tmp_path, "one"), tmp_path / "lib")
    named, unused = tmp_path / "lib/named", tmp_path / "lib/unused"
    named.mkdir()
    unused.mkdir()
    assert remove_unused_versions(tmp_path / "lib", [f"mounts {named}/libvgpu.so"]) == ("unused",)
    assert held.path.exists()
    assert named.exists()
    assert not unused.exists()


def sockets(folder: Path, instance: str | None) -> Sockets:
    found = Sockets.below(folder, instance)
    for path in (found.plugin.parent, found.registration.parent):
        path.mkdir(parents=True, exist_ok=True)
    return found


def test_the_driver_that_announced_itself_last_is_the_newest(tmp_path: Path) -> None:
    with present(sockets(tmp_path, "a")) as older, present(sockets(tmp_path, "b")) as newer:
        older.announce()
        newer.announce()
        assert not older.is_newest()
        assert newer.is_newest()


def test_sockets_of_a_dead_driver_go_and_those_of_a_living_one_stay(tmp_path: Path) -> None:
    dead, alive = sockets(tmp_path, "dead"), sockets(tmp_path, "alive")
    for path in (dead.plugin, alive.plugin):
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    with present(alive), present(sockets(tmp_path, "me")) as me:
        me.remove_dead()
    assert not dead.plugin.exists()
    assert alive.plugin.exists()


def test_one_without_an_id_is_alone(tmp_path: Path) -> None:
    with present(sockets(tmp_path, None)) as sole, pytest.raises(ConflictError), present(sockets(tmp_path, "a")):
        pass
    assert sole.is_newest()


@pytest.mark.parametrize("instance", ["", "-a", "a/b", "a" * 64, "ä"])
def test_ids_that_are_no_part_of_a_sockets_name_are_refused(instance: str) -> None:
    with pytest.raises(InvalidInputError, match="--instance"):
        check_instance_id(instance)
