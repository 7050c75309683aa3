"""What claims leave on a node while they are prepared, and what must be gone after them."""

from dataclasses import dataclass

from dra_driver.claims.checkpoint import decode
from hack.local_system import LocalSystem


@dataclass(frozen=True, slots=True)
class Traces:
    """Names of everything that the driver keeps for claims."""

    claims: frozenset[str]
    """UIDs in the checkpoint."""
    shares: frozenset[str]
    metadata: frozenset[str]
    specs: frozenset[str]
    """CDI files."""

    @staticmethod
    def of(system: LocalSystem) -> "Traces":
        """Look at the node of a system."""
        checkpoint = system.cluster.kubelet_dir / "plugins" / "hami.io" / "checkpoint.json"
        claims = decode(checkpoint.read_bytes()).claims if checkpoint.exists() else ()
        folders = (system.driver_state / "shares", system.driver_state / "metadata", system.cluster.cdi_dir)
        shares, metadata, specs = (frozenset(path.name for path in folder.iterdir()) for folder in folders)
        return Traces(frozenset(claim.uid for claim in claims), shares, metadata, specs)

    def all(self) -> tuple[frozenset[str], ...]:
        """Return the four kinds of traces, of which a claim of one request and one share leaves one each."""
        return self.claims, self.shares, self.metadata, self.specs
