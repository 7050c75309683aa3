"""What the webhook knows of its cluster: cards, templates, quotas, its version, and who else converts pods; put together for the program.

Not here: what is done with any of it (the modules named below), and the program (webhook.main).
"""

import asyncio
import secrets
import socket
from typing import Final

from catalog.manifests import LEASE_NAME
from kube.client import ApiServer
from kube.lease import Lease
from webhook.admission import Admission
from webhook.conversion.fleet import Fleet
from webhook.fleet_watch import FleetWatch
from webhook.known_defect import KubernetesVersion
from webhook.quotas.ledger import QuotaLedger
from webhook.rivals import RivalCheck
from webhook.serving.readiness import Readiness
from webhook.templates.life import TemplateLife
from webhook.templates.store import TemplateStore


class Cluster:
    """Follows the cluster while `run` runs."""

    def __init__(self, api: ApiServer, admission: Admission, templates: TemplateStore, lease_namespace: str) -> None:
        """Keep `admission` and `templates` up to date. The Lease in `lease_namespace` says which replica collects."""
        self._rivals = RivalCheck(api)
        self._fleet = FleetWatch(api, lambda fleet: _tell(admission, fleet))
        self._lease = Lease(api, lease_namespace, LEASE_NAME, f"{socket.gethostname()}-{secrets.token_hex(4)}")
        self._life = TemplateLife(api, templates, lambda: self._lease.is_held)
        self.quotas: Final = QuotaLedger(
            api, rules=lambda: admission.rules, whole_mib=lambda: largest_mib(admission.fleet)
        )
        admission.quotas = self.quotas
        self._version = KubernetesVersion(api)
        admission.kubernetes = lambda: self._version.current

    def require(self, readiness: Readiness) -> None:
        """Be ready only when all of it was seen."""
        readiness.require("no-other-webhook", lambda: self._rivals.is_done)
        readiness.require("cards", lambda: self._fleet.is_synced)
        readiness.require("templates", lambda: self._life.is_synced)
        readiness.require("quotas", lambda: self.quotas.is_synced)

    @property
    def rivals(self) -> int:
        """How many other webhooks have come to convert pods since this one started."""
        return len(self._rivals.found)

    async def run(self) -> None:
        """Follow, until cancelled; raises `ConflictError` where another webhook converts pods here."""
        async with asyncio.TaskGroup() as group:
            for part in (self._rivals, self._fleet, self._life, self.quotas, self._lease, self._version):
                group.create_task(part.run())


def largest_mib(fleet: Fleet) -> int | None:
    """Return what counts as all memory of a card, whichever it may be; None where no card is known."""
    return max((kind.memory_mib for kind in fleet.kinds if not kind.is_mig), default=None)


def _tell(admission: Admission, fleet: Fleet) -> None:
    admission.fleet = fleet
