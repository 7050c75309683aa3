"""Images: OCI archives that are the same for the same contents, and hold what was given."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from hack.local_cluster.image import Contents, write_archive


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o700)
    (tmp_path / "data").write_text("data")
    (tmp_path / "data").chmod(0o600)
    return Contents(
        files={"/usr/bin/tool": tmp_path / "tool", "/data": tmp_path / "data"},
        texts={"/etc/passwd": "root:x:0:0::/:/bin/sh\n"},
        links={"/bin": "usr/bin"},
        folders={"/tmp": 0o1777},
    )


def archive(contents: Contents) -> bytes:
    output = io.BytesIO()
    write_archive(output, "hami.io/thing:local", contents, ["/bin/tool"])
    return output.getvalue()


def opened(data: bytes) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(data))


def read(data: bytes, name: str) -> bytes:
    file = opened(data).extractfile(name)
    assert file is not None
    return file.read()


def blob(data: bytes, descriptor: dict[str, Any]) -> bytes:
    content = read(data, f"blobs/sha256/{descriptor['digest'].removeprefix('sha256:')}")
    assert hashlib.sha256(content).hexdigest() == descriptor["digest"].removeprefix("sha256:")
    assert len(content) == descriptor["size"]
    return content


def test_index_manifest_configuration_and_layer_hold_together_by_digest(contents: Contents) -> None:
    data = archive(contents)
    index = json.loads(read(data, "index.json"))
    assert index["manifests"][0]["annotations"]["io.containerd.image.name"] == "hami.io/thing:local"
    manifest = json.loads(blob(data, index["manifests"][0]))
    configuration = json.loads(blob(data, manifest["config"]))
    blob(data, manifest["layers"][0])
    assert configuration["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
    assert configuration["config"]["Cmd"] == ["/bin/tool"]


def test_the_layer_holds_files_links_and_folders_with_modes_for_everybody(contents: Contents) -> None:
    data = archive(contents)
    manifest = json.loads(blob(data, json.loads(read(data, "index.json"))["manifests"][0]))
    layer = opened(blob(data, manifest["layers"][0]))
    modes = {entry.name: entry.mode for entry in layer}
    assert modes == {
        "bin": 0o777, "etc": 0o755, "tmp": 0o1777, "usr": 0o755, "usr/bin": 0o755,
        "data": 0o644, "etc/passwd": 0o644, "usr/bin/tool": 0o755,
    }  # fmt: skip
    assert layer.getmember("bin").linkname == "usr/bin"
    assert {(entry.uid, entry.gid, entry.mtime) for entry in layer} == {(0, 0, 0)}


def test_the_same_contents_give_the_same_bytes_whatever_their_order_and_age(contents: Contents, tmp_path: Path) -> None:
    first = archive(contents)
    (tmp_path / "tool").touch()
    files = dict(reversed(list(contents.files.items())))
    assert archive(Contents(files, contents.texts, contents.links, contents.folders)) == first


def test_of_two_contents_the_second_wins_where_both_have_a_path(contents: Contents) -> None:
    merged = contents.merged(Contents(texts={"/etc/passwd": "other"}, links={"/sbin": "usr/bin"}))
    assert merged.texts == {"/etc/passwd": "other"}
    assert merged.links == {"/bin": "usr/bin", "/sbin": "usr/bin"}
    assert merged.files == contents.files
