"""Print what the driver's metrics say of an oversubscribed card, as JSON by name, from the shares on it.

`residency.py DRIVER_ROOT SHARES_FOLDER CARD_UUID SCALING SHARE...`: in a process of its own, since NVML is loaded once.
"""

import json
import sys
from functools import partial
from pathlib import Path

from catalog.share_config import ShareConfig
from dra_driver.accounting.residency import Residency
from dra_driver.metrics import ResidencyCollector
from dra_driver.nvml.memory import read_memory
from dra_driver.shares.share import Claim, Share


def main() -> None:
    """Collect once."""
    root, folder, uuid, scaling, *names = sys.argv[1:]
    shares = [
        Share(
            name,
            "main",
            "node",
            "gpu-0-share",
            name,
            uuid,
            False,
            0,
            0,
            100,
            ShareConfig(),
            memory_scaling=float(scaling),
        )
        for name in names
    ]
    claims = [Claim("uid", "default", "claim", tuple(shares))]
    residency = Residency(Path(folder), lambda: claims, partial(read_memory, Path(root)))
    collector = ResidencyCollector("node", residency)
    print(json.dumps({metric.name: [sample.value for sample in metric.samples] for metric in collector.collect()}))


if __name__ == "__main__":
    main()
