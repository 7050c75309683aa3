"""The node's accounting, one look for each line on stdin, each answered by whether anybody uses the cards, and what the cross-check found.

`accounting.py DRIVER_ROOT charge|refund SHARES_FOLDER HAMI_REAP CARD_UUID SHARE...`: in a process of its own, since NVML is loaded once.
"""

import logging
import sys
from pathlib import Path

from catalog.share_config import ShareConfig
from dra_driver.accounting.cross_check import CrossCheck
from dra_driver.accounting.node import of_node
from dra_driver.shares.share import Claim, Share


def main() -> None:
    """Look as often as told."""
    root, what, folder, program, card_uuid, *names = sys.argv[1:]
    logging.basicConfig(level=logging.DEBUG, format="%(message)s")
    shares = tuple(
        Share(name, "main", "node", "gpu-0-share", name, card_uuid, False, 0, 0, 100, ShareConfig()) for name in names
    )
    found: list[str] = []
    cross_check = CrossCheck(
        Path(folder),
        lambda: True,
        lambda _card, _pod: False,
        lambda finding: found.append(f"{finding.reason}:{finding.pid}"),
    )
    accounting = of_node(
        Path(root),
        Path(folder),
        Path(program),
        lambda: [Claim("uid", "default", "claim", shares)],
        (cross_check.take,),
        charges=what == "charge",
    )
    for _ in sys.stdin:
        print(accounting.look(), *found, flush=True)
        found.clear()


if __name__ == "__main__":
    main()
