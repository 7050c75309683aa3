"""Which 10.89.x.0/24 a cluster gets: by its name, unless something else has it.

Pure; which networks are taken is read in network.py.
"""

import hashlib
from collections.abc import Collection
from ipaddress import IPv4Network

from catalog.errors import ConflictError
from hack.local_cluster.layout import Addresses


def choose(name: str, taken: Collection[IPv4Network]) -> Addresses:
    """The first free network, from one that the name determines onwards.

    Raises ConflictError where all 256 are taken.
    """
    start = hashlib.sha256(name.encode()).digest()[0]
    for step in range(256):
        network = IPv4Network(f"10.89.{(start + step) % 256}.0/24")
        if not any(network.overlaps(other) for other in taken):
            return Addresses(network)
    raise ConflictError(
        f"cluster {name!r}: every network 10.89.0.0/24 … 10.89.255.0/24 is in use on this machine (see `ip route`); "
        "take down clusters that are no longer needed, or remove the route"
    )
