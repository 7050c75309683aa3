"""What is done before the driver serves: the files on disk are made to agree with the checkpoint.

After a crash what is half done is finished or removed; after a reboot, which empties /var/run and ends every container, specs and
pages are made anew. Files of claims that run are left as they are. Not here: Prepare and Unprepare (dra_driver.claims.prepare).
"""

import logging
from collections.abc import Collection
from typing import Final
from uuid import UUID

from dra_driver.claims.checkpoint import CheckpointFile, State, turns_lock
from dra_driver.claims.ledger import Ledger
from dra_driver.claims.prepare import Node
from dra_driver.containers.device_metadata import claims_with_metadata, remove_metadata, write_metadata
from dra_driver.containers.edits import claim_spec
from dra_driver.shares.share import Claim
from dra_driver.single_turn import single_turn

_LOG: Final = logging.getLogger(__name__)


def restore(node: Node, file: CheckpointFile, boot_id: UUID) -> Ledger:
    """Return the ledger of this node, with the files of every claim in it in place and no others.

    Another driver may be alive: it changes nothing meanwhile. Raises `CorruptStateError` when the checkpoint cannot be trusted;
    nothing else is changed then.
    """
    with single_turn(turns_lock(file.path)):
        return _restore(node, file, boot_id)


def remove_orphans(node: Node, claims: Collection[Claim]) -> None:
    """Remove the specs, metadata and share directories of all claims but these; only while nobody prepares."""
    specs = frozenset(claim.uid for claim in claims)
    folders = frozenset(share.name for claim in claims for share in claim.shares)
    for uid in node.specs.ids() - specs:
        node.specs.delete(uid)
        _LOG.info("removed the spec of %s, which is not prepared", uid)
    for uid in claims_with_metadata(node.files.metadata) - specs:
        remove_metadata(node.files.metadata, uid)
    for name in node.folders.names() - folders:
        node.folders.remove(name)
        _LOG.info("removed share %s, whose claim is not prepared", name)


def _restore(node: Node, file: CheckpointFile, boot_id: UUID) -> Ledger:
    found = file.load() or State(boot_id)
    rebooted = found.boot_id != boot_id
    state = State(boot_id, found.claims)
    node.folders.make_ready()
    node.specs.remove_unfinished()
    remove_orphans(node, () if rebooted else state.claims)
    for claim in state.claims:
        _restore_claim(node, claim)
    if rebooted:
        file.save(state)
    _LOG.info("checkpoint: %d claims%s", len(state.claims), ", restored after a reboot" if rebooted else "")
    return Ledger(file, state)


def _restore_claim(node: Node, claim: Claim) -> None:
    gone = _held(claim) - _present(node)
    if gone:
        _LOG.warning("%s: card %s is gone; its containers cannot start again", claim, ", ".join(sorted(gone)))
        return
    write_metadata(node.files.metadata, claim, node.cards)
    for share in claim.shares:
        if share.is_limited:
            node.folders.create(share, node.configuration().strict)
    if node.specs.device_names(claim.uid) != set(claim.share_names):  # lost, or damaged by somebody
        node.specs.write(claim.uid, claim_spec(claim, node.files_now()))


def _held(claim: Claim) -> set[str]:
    """Return the UUIDs of the cards and MIG devices that a claim holds something of."""
    return {uuid for share in claim.shares for uuid in (share.card_uuid, share.mig_uuid) if uuid}


def _present(node: Node) -> set[str]:
    return {card.uuid for card in node.cards} | {mig.uuid for card in node.cards for mig in card.mig_devices}
