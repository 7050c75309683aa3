"""Whether a share has room for one context of its card: without it no CUDA program of its containers starts, and each says only that it is
out of memory. Pure. Not here: what a context takes (dra_driver.cards.contexts), and who is told.
"""

from collections.abc import Iterator, Mapping

from catalog.names import MIB
from dra_driver.shares.share import Claim, Share

REASON = "ShareTooSmall"
"""Of the event that tells it."""


def too_small(claim: Claim, context_bytes: Mapping[str, int]) -> Iterator[str]:
    """Yield, once for each request, in words for its pod, which shares are smaller than a context; `context_bytes` by the card's UUID."""
    told: set[str] = set()
    for share in claim.shares:
        size = context_bytes.get(share.card_uuid, 0)
        if share.is_limited and share.limit_bytes < size and share.request not in told:
            told.add(share.request)
            yield _in_words(claim, share, size)


def _in_words(claim: Claim, share: Share, size: int) -> str:
    return (
        f"{claim}, request {share.request}: has {share.limit_bytes // MIB} MiB of card {share.card_uuid}, of which a context takes"
        f" {size // MIB} MiB, so that no CUDA program can start in it; ask for more than that, a context for each process and what they"
        " allocate, or have the driver run with --no-account-overhead"
    )
