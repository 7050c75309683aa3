"""The node's samples of the time that shares use, on a simulated card: for each line on stdin one look and one sample.

`sampling.py DRIVER_ROOT SHARES_FOLDER HAMI_REAP CARD_UUID SHARE...`: prints CLOCK_MONOTONIC and, for each share, busy_ns and sampled_at_ns.
In a process of its own, since NVML is loaded once.
"""

import sys
import time
from functools import partial
from pathlib import Path

from catalog.share_config import ShareConfig
from dra_driver.accounting.node import of_node
from dra_driver.accounting.utilization import Utilization
from dra_driver.nvml.utilization import read_card_times
from dra_driver.shares.processes import finder_of
from dra_driver.shares.share import Claim, Share
from dra_driver.shares.time_pages import read_samples


def main() -> None:
    """Look as often as told."""
    root, folder, card_uuid, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[4], sys.argv[5:]
    shares = tuple(
        Share(name, "main", "node", "gpu-0-share", name, card_uuid, False, 0, 0, 100, ShareConfig()) for name in names
    )
    utilization = Utilization(folder, partial(read_card_times, root), finder_of(folder))
    claims = [Claim("uid", "default", "claim", shares)]
    accounting = of_node(root, folder, Path(sys.argv[3]), lambda: claims, (utilization.take,))
    for _ in sys.stdin:
        accounting.look()
        utilization.sample()
        samples = [read_samples((folder / name / "limits").read_bytes()) for name in names]
        words = [f"{sample.busy_ns} {sample.sampled_at_ns}" for sample in samples]
        print(time.monotonic_ns(), *words, flush=True)


if __name__ == "__main__":
    main()
