"""What a container can read about its devices: one metadata file for each request of a claim, with the share's own limits.

Source: KEP-5304 (`metadata.resource.k8s.io`), whose schema has attributes and no capacity. Files are not synced to disk: nobody
reads them after a crash of the machine, and the next start compares them with the checkpoint.
Not here: CDI specs (dra_driver.containers.edits).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from catalog.names import DRIVER, MIB, TYPE_SHARE, TYPE_WHOLE
from cdi.spec import Mount
from dra_driver.cards.attributes import card_attributes, mig_attributes
from dra_driver.cards.card import Card
from dra_driver.shares.share import Claim, Share

IN_CONTAINER: Final = "/var/run/kubernetes.io/dra-device-attributes"
_VERSIONS: Final = ("v1beta1", "v1alpha1")
"""The file is a stream: readers take the first version that they know."""
_READ_ONLY: Final = ("ro", "nosuid", "nodev", "bind")


def request_metadata(claim: Claim, request: str, cards: Sequence[Card]) -> bytes:
    """Return the file's content for one request: one JSON object a line."""
    by_uuid = {card.uuid: card for card in cards}
    devices = [_device(share, by_uuid[share.card_uuid]) for share in claim.shares if share.request == request]
    return b"".join(_line(claim, request, devices, version) for version in _VERSIONS)


def metadata_mount(claim: Claim, request: str, folder: Path) -> Mount:
    """Return the mount by which a container gets the file, read-only where KEP-5304 looks for it."""
    kind, name = (
        ("resourceclaimtemplates", claim.pod_claim_name) if claim.pod_claim_name else ("resourceclaims", claim.name)
    )
    target = f"{IN_CONTAINER}/{kind}/{name}/{request}/{DRIVER}-metadata.json"
    return Mount(str(_path(folder, claim.uid, request)), target, _READ_ONLY)


def write_metadata(folder: Path, claim: Claim, cards: Sequence[Card]) -> None:
    """Write the files of a claim below `folder`; those that say the same already are left alone, as containers map them."""
    for request in dict.fromkeys(share.request for share in claim.shares):
        path, content = _path(folder, claim.uid, request), request_metadata(claim, request, cards)
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            _write(path, content)
            continue
        if found != content:
            temporary = path.with_suffix(".new")
            _write(temporary, content)
            temporary.replace(path)


def remove_metadata(folder: Path, claim_uid: str) -> None:
    """Remove the files of a claim, if there are any."""
    for path in folder.glob(f"{claim_uid}_*"):
        path.unlink()


def claims_with_metadata(folder: Path) -> frozenset[str]:
    """Return the UIDs of claims that have files."""
    return frozenset(path.name.partition("_")[0] for path in folder.iterdir())


def _path(folder: Path, claim_uid: str, request: str) -> Path:
    """Return where a file stands: neither UIDs nor names of requests hold an underscore."""
    return folder / f"{claim_uid}_{request}.json"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o644)  # whatever the umask


def _line(claim: Claim, request: str, devices: Sequence[dict[str, Any]], version: str) -> bytes:
    document = {
        "apiVersion": f"metadata.resource.k8s.io/{version}",
        "kind": "DeviceMetadata",
        "metadata": {"name": claim.name, "namespace": claim.namespace, "uid": claim.uid, "generation": 1},
        **({"podClaimName": claim.pod_claim_name} if claim.pod_claim_name else {}),
        "requests": [{"name": request, "devices": devices}],
    }
    return json.dumps(document).encode() + b"\n"


def _device(share: Share, card: Card) -> dict[str, Any]:
    mig = next((mig for mig in card.mig_devices if mig.uuid == share.mig_uuid), None)
    attributes = mig_attributes(card, mig) if mig else card_attributes(card, TYPE_WHOLE)
    return {
        "driver": DRIVER,
        "pool": share.pool,
        "name": share.device,
        "attributes": attributes | _limits(share) if share.is_limited else attributes,
    }


def _limits(share: Share) -> dict[str, Any]:
    """Return the share's own limits as attributes; `shareCores` is percent of the card, 0 is not limited."""
    return {
        "type": {"string": TYPE_SHARE},
        "shareMemoryMiB": {"int": share.limit_bytes // MIB},
        "shareCores": {"int": share.cores_percent},
    }
