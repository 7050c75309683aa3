"""A cluster's network namespace and the link between it and the machine, by iproute2.

The pods' bridge inside is made by the CNI plugin; which addresses are used is decided in addresses.py.
"""

import json
import subprocess
from ipaddress import IPv4Network
from pathlib import Path

from catalog.errors import UnavailableError
from hack.local_cluster.layout import Addresses, Layout


def taken_networks() -> list[IPv4Network]:
    """IPv4 networks that the machine has an address in or a route to, the default route excepted."""
    routes = json.loads(_run("ip", "-json", "-4", "route", "show", "table", "all") or "[]")
    destinations = [str(route["dst"]) for route in routes if route.get("dst") not in {None, "default"}]
    return [IPv4Network(destination, strict=False) for destination in destinations if _is_ipv4(destination)]


def links() -> set[str]:
    """Names of the machine's network links."""
    return {path.name for path in Path("/sys/class/net").iterdir()}


def create(layout: Layout, addresses: Addresses, nodes: int) -> None:
    """Make the namespace, the link, and the routes between machine, nodes and pods; every node has an address in the one namespace."""
    name = layout.resource
    _run("ip", "netns", "add", name)
    _run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
    _run("ip", "address", "add", f"{addresses.host}/{addresses.link.prefixlen}", "dev", name)
    _run("ip", "link", "set", name, "up")
    inside = ("ip", "-netns", name)
    _run(*inside, "link", "set", "lo", "up")
    for index in range(max(nodes, 1)):
        _run(*inside, "address", "add", f"{addresses.kubelet(index)}/{addresses.link.prefixlen}", "dev", "eth0")
    _run(*inside, "link", "set", "eth0", "up")
    _run(*inside, "route", "add", "default", "via", str(addresses.host))
    _run("ip", "route", "add", str(addresses.pods), "via", str(addresses.node), "dev", name)
    # A new namespace does not forward between its links, and pods must reach the machine's webhook.
    _run("nsenter", f"--net={layout.netns}", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")


def remove(layout: Layout) -> None:
    """Take link and namespace away; what is already gone is fine."""
    if layout.resource in links():
        _run("ip", "link", "delete", layout.resource)
    if layout.netns.exists():
        _run("ip", "netns", "delete", layout.resource)


def obstacles(layout: Layout) -> list[str]:
    """What already bears the names that the cluster would use, each with the command that removes it."""
    found = []
    if layout.netns.exists():
        found.append(f"network namespace {layout.resource} (remove it with `ip netns delete {layout.resource}`)")
    if layout.resource in links():
        found.append(f"network link {layout.resource} (remove it with `ip link delete {layout.resource}`)")
    return found


def _is_ipv4(destination: str) -> bool:
    return ":" not in destination


def _run(*command: str) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnavailableError(f"{' '.join(command)}: {done.stderr.strip() or f'status {done.returncode}'}")
    return done.stdout
