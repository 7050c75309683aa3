"""Shares that have no room for one context of their card: told once for each request, and of nothing else."""

from dataclasses import replace

from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.shares.context_room import too_small
from dra_driver.shares.share import Claim, Share

CONTEXT = {"GPU-0": 336 * MIB}


def share(request: str = "main", memory_mib: int = 335, card_uuid: str = "GPU-0") -> Share:
    return Share(
        f"uid-{request}", request, "node", "gpu-0-share", "s", card_uuid, False, memory_mib * MIB, 0, 100, ShareConfig()
    )


def told(*shares: Share) -> list[str]:
    return list(too_small(Claim("uid", "team", "claim", shares), CONTEXT))


def test_a_request_without_room_is_told_once_with_the_size_that_it_needs() -> None:
    (text,) = told(share(), share())
    assert text.startswith(
        "claim team/claim, request main: has 335 MiB of card GPU-0, of which a context takes 336 MiB"
    )
    assert len(told(share(), share("other"))) == 2


def test_room_for_one_or_no_limit_or_an_unknown_size_is_nothing_to_tell() -> None:
    assert told(share(memory_mib=336), share(card_uuid="GPU-1"), replace(share(), whole=True)) == []
