"""What is done before the driver serves: the files on disk are made to agree with the checkpoint.

After a crash what is half done is finished or removed; after a reboot, which empties /var/run and ends every container, specs and
pages are made anew. Files of claims that run are left as they are. Not here: Prepare and Unprepare (dra_driver.prepare).
"""

import logging
from typing import Final
from uuid import UUID

from dra_driver.checkpoint import CheckpointFile, State
from dra_driver.device_metadata import claims_with_metadata, remove_metadata, write_metadata
from dra_driver.edits import claim_spec
from dra_driver.ledger import Ledger
from dra_driver.prepare import Node
from dra_driver.share import Claim

_LOG: Final = logging.getLogger(__name__)


def restore(node: Node, file: CheckpointFile, boot_id: UUID) -> Ledger:
    """Return the ledger of this node, with the files of every claim in it in place and no others.

    Raises `CorruptStateError` when the checkpoint cannot be trusted; nothing else is changed then.
    """
    found = file.load() or State(boot_id)
    rebooted = found.boot_id != boot_id
    state = State(boot_id, found.claims)
    node.folders.make_ready()
    node.specs.remove_unfinished()
    _remove_orphans(node, state, rebooted)
    for claim in state.claims:
        _restore_claim(node, claim)
    if rebooted:
        file.save(state)
    _LOG.info("checkpoint: %d claims%s", len(state.claims), ", restored after a reboot" if rebooted else "")
    return Ledger(file, state)


def _remove_orphans(node: Node, state: State, rebooted: bool) -> None:
    specs = frozenset() if rebooted else frozenset(claim.uid for claim in state.claims)
    folders = frozenset() if rebooted else frozenset(share.name for claim in state.claims for share in claim.shares)
    for uid in node.specs.ids() - specs:
        node.specs.delete(uid)
    for uid in claims_with_metadata(node.files.metadata) - {claim.uid for claim in state.claims}:
        remove_metadata(node.files.metadata, uid)
    for name in node.folders.names() - folders:
        node.folders.remove(name)


def _restore_claim(node: Node, claim: Claim) -> None:
    gone = {share.card_uuid for share in claim.shares} - {card.uuid for card in node.cards}
    if gone:
        _LOG.warning("%s: card %s is gone; its containers cannot start again", claim, ", ".join(sorted(gone)))
        return
    write_metadata(node.files.metadata, claim, node.cards)
    for share in claim.shares:
        if not share.whole:
            node.folders.create(share)
    if claim.uid not in node.specs.ids():
        node.specs.write(claim.uid, claim_spec(claim, node.files))
