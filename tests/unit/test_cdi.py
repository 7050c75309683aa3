"""CDI specs and their folder: what runtimes refuse, the lowest version, atomic files, those of others left alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from cdi.durable import write_file
from cdi.spec import Device, DeviceNode, Edits, Hook, Mount, Spec
from cdi.store import SpecStore

KIND = "example.com/gpu"
SOME = Edits(environment=("A=b",))


def spec(name: str = "gpu0", edits: Edits = SOME, kind: str = KIND) -> Spec:
    return Spec(kind, (Device(name, edits),))


@pytest.mark.parametrize(
    ("made", "version"),
    [
        (spec(), "0.3.0"),
        (spec("0gpu"), "0.5.0"),
        (spec(edits=Edits(device_nodes=(DeviceNode("/dev/a"),))), "0.3.0"),
        (spec(edits=Edits(device_nodes=(DeviceNode("/dev/a", "/dev/b"),))), "0.5.0"),
        (Spec(KIND, (Device("a", SOME),), Edits(device_nodes=(DeviceNode("/dev/a", "/dev/b"),))), "0.5.0"),
        (spec(kind="example.com/gpu.v2"), "0.6.0"),
    ],
)
def test_the_version_is_the_lowest_that_has_what_is_used(made: Spec, version: str) -> None:
    assert made.document()["cdiVersion"] == version


@pytest.mark.parametrize("name", ["", "-a", "a-", "a/b", "ä", "a b", ".a", "a\n"])
def test_device_names_that_runtimes_refuse_are_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="CDI device name"):
        Device(name, SOME)


@pytest.mark.parametrize("kind", ["gpu", "/gpu", "example.com/", "1example.com/gpu", "example.com/gpu-", "a/b/c"])
def test_kinds_that_runtimes_refuse_are_refused(kind: str) -> None:
    with pytest.raises(InvalidInputError, match="CDI kind"):
        spec(kind=kind)


def test_what_runtimes_refuse_or_misread_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no device"):
        Spec(KIND, ())
    with pytest.raises(InvalidInputError, match="occurs twice"):
        Spec(KIND, (Device("a", SOME), Device("a", SOME)))
    with pytest.raises(InvalidInputError, match="has no edits"):
        Device("a", Edits())
    with pytest.raises(InvalidInputError, match="lack bind"):
        Mount("/a", "/b", ("ro",))
    with pytest.raises(InvalidInputError, match="KEY=value"):
        Edits(environment=("A",))
    with pytest.raises(InvalidInputError, match="hookName must be one of"):
        Hook("later", "/bin/true")


@pytest.mark.parametrize("path", ["relative", "/a/../b", ""])
def test_paths_are_absolute_and_plain(path: str) -> None:
    with pytest.raises(InvalidInputError, match="absolute path"):
        Mount(path, "/b", ("bind",))
    with pytest.raises(InvalidInputError, match="absolute path"):
        DeviceNode(path)


def test_a_document_has_the_fields_of_the_specification_and_no_empty_ones() -> None:
    edits = Edits(("A=b",), (DeviceNode("/dev/a", permissions="rw"),), (), (Hook("prestart", "/bin/h", ("h", "-x")),))
    assert spec(edits=edits).document() == {
        "cdiVersion": "0.3.0",
        "kind": KIND,
        "devices": [
            {
                "name": "gpu0",
                "containerEdits": {
                    "env": ["A=b"],
                    "deviceNodes": [{"path": "/dev/a", "permissions": "rw"}],
                    "hooks": [{"hookName": "prestart", "path": "/bin/h", "args": ["h", "-x"]}],
                },
            }
        ],
    }


def test_the_store_writes_reads_and_removes_its_own_files_only(tmp_path: Path) -> None:
    foreign = tmp_path / "other.com-gpu_x.json"
    foreign.write_text("{}")
    store = SpecStore(tmp_path, KIND)
    store.write("one", spec())
    assert store.ids() == {"one"}
    assert json.loads((tmp_path / "example.com-gpu_one.json").read_text()) == spec().document()
    assert store.delete("one")
    assert not store.delete("one")
    assert list(tmp_path.iterdir()) == [foreign]


def test_an_equal_spec_is_not_written_again(tmp_path: Path) -> None:
    store = SpecStore(tmp_path, KIND)
    store.write("one", spec())
    before = store.path("one").stat()
    store.write("one", spec())
    assert store.path("one").stat().st_ino == before.st_ino
    store.write("one", spec("other"))
    assert "other" in store.path("one").read_text()


def test_unfinished_files_are_no_specs_and_are_removed(tmp_path: Path) -> None:
    unfinished = tmp_path / ".example.com-gpu_one.json.new"
    unfinished.write_text("{")
    store = SpecStore(tmp_path, KIND)
    assert store.ids() == frozenset()
    store.remove_unfinished()
    assert not unfinished.exists()


@pytest.mark.parametrize("spec_id", ["", "../x", "a/b", ".x"])
def test_an_id_cannot_leave_the_folder(tmp_path: Path, spec_id: str) -> None:
    with pytest.raises(InvalidInputError, match="CDI spec id"):
        SpecStore(tmp_path, KIND).write(spec_id, spec())


def test_a_spec_of_another_kind_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not example\.com/gpu"):
        SpecStore(tmp_path, KIND).write("a", spec(kind="example.com/nic"))


@given(content=st.binary(max_size=4096), mode=st.sampled_from([0o600, 0o644, 0o755]))
def test_a_durable_file_has_content_and_mode_whatever_was_there(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, mode: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "durable"
    write_file(path, content, mode)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == mode


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state"
    write_file(path, b"old")
    monkeypatch.setattr("os.fsync", _no_space)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _no_space(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")
