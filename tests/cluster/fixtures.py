"""Fixtures of the tiers with a real API server: a cluster for each tier, our system beside it, a namespace for each test."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hack.local_cluster import Cluster
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace

NUMBERS = itertools.count()


def running(cluster: Cluster) -> Iterator[Cluster]:
    """Bring a cluster up for as long as the generator lives. What a broken-off run left is removed first."""
    cluster.down()
    cluster.up()
    try:
        yield cluster
    finally:
        cluster.down()


def started(system: LocalSystem) -> Iterator[LocalSystem]:
    """Run driver and webhook for as long as the generator lives."""
    system.start()
    yield system
    system.stop()


def namespace_for(request: pytest.FixtureRequest, system: LocalSystem, *deletion: str) -> Iterator[Namespace]:
    """Make a namespace named after the test; afterwards its pods and their claims are gone. `deletion` are kubectl's options for pods."""
    name = re.sub(r"[^a-z0-9]+", "-", f"{next(NUMBERS)}-{request.node.name.lower()}")[:50].strip("-")
    kubectl = system.cluster.kubectl
    kubectl("create", "namespace", name)
    try:
        yield Namespace(name, kubectl)
    finally:
        kubectl("-n", name, "delete", "deployments", "--all", "--wait=false")
        kubectl("-n", name, "delete", "pods", "--all", *deletion, "--timeout=90s")
        kubectl("-n", name, "delete", "resourceclaims", "--all", "--timeout=90s")
        kubectl("delete", "namespace", name, "--wait=false")


MIG_CARD = """\
- model: NVIDIA A100-SXM4-80GB
  mig:
  - {profile: 3g.40gb, start: 4}
  - {profile: 1g.10gb, start: 0}
  - {profile: 1g.10gb, start: 1}
"""
CARDS_FILE = f"""\
cards:
- model: NVIDIA A100-SXM4-80GB
  count: 4
  memory: 80Gi
{MIG_CARD}"""


def cards_file(folder: Path) -> Path:
    """Write the cards of the test node: four of 80 GiB, and one in MIG mode with three MIG devices."""
    path = folder / "cards.yaml"
    path.write_text(CARDS_FILE)
    return path
