"""Metadata files: golden content, where containers find them, one mount a request, and files that stay as long as they are right."""

import json
from pathlib import Path

import pytest

from dra_driver.claims.allocation import read_claim
from dra_driver.containers.device_metadata import (
    claims_with_metadata,
    metadata_mount,
    remove_metadata,
    request_metadata,
    write_metadata,
)
from dra_driver.containers.edits import claim_spec
from dra_driver.shares.share import Claim
from tests.conftest import Golden
from tests.unit.driver_objects import (
    CLAIM_UID,
    NODE,
    Object,
    card,
    claim_object,
    files_of_real_node,
    share_result,
    whole_result,
)

CARDS = (card(0), card(1))
ROOT = "/var/run/kubernetes.io/dra-device-attributes"


def claim(*results: Object, pod_claim_name: object = None) -> Claim:
    document = claim_object(*results)
    if pod_claim_name is not None:
        document["metadata"]["annotations"] = {"resource.kubernetes.io/pod-claim-name": pod_claim_name}
    return read_claim(document, NODE, CARDS)


def two_requests() -> Claim:
    shares = (share_result(), share_result("gpu-1-share"))
    return claim(*shares, whole_result("gpu-1", request="big"), pod_claim_name="hami")


def test_the_files_read_as_reviewed(golden: Golden) -> None:
    for request in ("main", "big"):
        objects = [json.loads(line) for line in request_metadata(two_requests(), request, CARDS).splitlines()]
        golden(f"metadata/{request}.json", "".join(json.dumps(item, indent=2) + "\n" for item in objects))


def test_the_newest_version_comes_first_and_all_say_the_same() -> None:
    newest, older = (json.loads(line) for line in request_metadata(two_requests(), "main", CARDS).splitlines())
    assert newest.pop("apiVersion") == "metadata.resource.k8s.io/v1beta1"
    assert older.pop("apiVersion") == "metadata.resource.k8s.io/v1alpha1"
    assert newest == older


def test_a_claim_from_a_template_stands_under_the_pods_name_for_it() -> None:
    mount = metadata_mount(two_requests(), "big", Path("/m"))
    assert mount.container_path == f"{ROOT}/resourceclaimtemplates/hami/big/hami.io-metadata.json"
    assert mount.host_path == f"/m/{CLAIM_UID}_big.json"
    assert "ro" in mount.options


@pytest.mark.parametrize("name", [None, "", "../../../etc", "a/b", "A", 7, "x" * 64])
def test_an_annotation_that_is_no_name_changes_no_path(name: object) -> None:
    mount = metadata_mount(claim(share_result(), pod_claim_name=name), "main", Path("/m"))
    assert mount.container_path == f"{ROOT}/resourceclaims/claim/main/hami.io-metadata.json"


def test_each_request_is_mounted_once_with_its_first_share() -> None:
    devices = claim_spec(two_requests(), files_of_real_node(*CARDS)).devices
    found = [[m.container_path for m in d.edits.mounts if m.container_path.startswith(ROOT)] for d in devices]
    directory = f"{ROOT}/resourceclaimtemplates/hami"
    assert found == [[f"{directory}/main/hami.io-metadata.json"], [], [f"{directory}/big/hami.io-metadata.json"]]


def test_files_are_written_once_and_removed_with_their_claim(tmp_path: Path) -> None:
    write_metadata(tmp_path, two_requests(), CARDS)
    files = {path.name: path.stat() for path in tmp_path.iterdir()}
    assert sorted(files) == [f"{CLAIM_UID}_big.json", f"{CLAIM_UID}_main.json"]
    assert {status.st_mode & 0o777 for status in files.values()} == {0o644}
    write_metadata(tmp_path, two_requests(), CARDS)
    assert {path.name: path.stat().st_ino for path in tmp_path.iterdir()} == {
        name: status.st_ino for name, status in files.items()
    }
    assert claims_with_metadata(tmp_path) == {CLAIM_UID}
    remove_metadata(tmp_path, CLAIM_UID)
    remove_metadata(tmp_path, CLAIM_UID)
    assert claims_with_metadata(tmp_path) == frozenset()


def test_a_file_that_a_crash_of_the_machine_damaged_is_made_anew(tmp_path: Path) -> None:
    write_metadata(tmp_path, two_requests(), CARDS)
    damaged = tmp_path / f"{CLAIM_UID}_main.json"
    good = damaged.read_bytes()
    damaged.write_bytes(b"")
    write_metadata(tmp_path, two_requests(), CARDS)
    assert damaged.read_bytes() == good
