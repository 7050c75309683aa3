"""Whether a cluster of a name is there, is ours and is whole; bringing it up and taking it down accordingly.

Decides what may be reused, what is in the way, and that a failed `up` leaves nothing. Making is bringup.py's, removing
teardown.py's.
"""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

import msgspec

from catalog.errors import ConflictError, UnavailableError
from hack.local_cluster import addresses, cgroups, host, interrupts, kernel, network, store, teardown
from hack.local_cluster import record as records
from hack.local_cluster.bringup import Bringup
from hack.local_cluster.build import Builder
from hack.local_cluster.components import ClusterPlan
from hack.local_cluster.layout import Addresses, Layout
from hack.local_cluster.lock import exclusive
from hack.local_cluster.programs import Profile, sources
from hack.local_cluster.progress import Progress
from hack.local_cluster.record import ClusterRecord
from hack.local_cluster.shape import Shape
from hack.local_cluster.versions import pinned

BIN_VARIABLE: Final = "HAMI_DRA_CLUSTER_BIN"


class Lifecycle:
    """The life of the cluster of one name."""

    def __init__(self, name: str, shape: Shape, progress: Progress) -> None:
        self._name = name
        self._shape = shape
        self._profile = shape.profile
        self._progress = progress
        self._cache = store.cache_folder().resolve()
        self._new_layout = Layout(name, self._cache / "state" / name)

    # What is there

    def record(self) -> ClusterRecord | None:
        """The record of the cluster of this name; None if there is no cluster."""
        return records.read(self._new_layout.record)

    def layout(self) -> Layout:
        """Where the cluster's things are, or would be."""
        record = self.record()
        return Layout(self._name, Path(record.data)) if record else self._new_layout

    def bringup(self) -> Bringup:
        """The components of the cluster that is there.

        Raises UnavailableError where there is none.
        """
        record = self.record()
        if record is None:
            raise UnavailableError(
                f"cluster {self._name}: there is none; bring it up with `hack/cluster up --name {self._name}`"
            )
        programs = {name: Path(path) for name, path in record.programs.items()}
        layout = Layout(self._name, Path(record.data))
        addresses_of = Addresses(IPv4Network(record.network))
        plan = ClusterPlan(layout, addresses_of, record.profile, programs, record.nodes, record.emulation)
        return Bringup(plan, host.facts(layout.data))

    def states(self) -> dict[str, bool]:
        """For each component: does it live. Empty where there is no cluster."""
        record = self.record()
        if record is None:
            return {}
        bringup = self.bringup()
        return {str(unit): bringup.is_running(unit) for unit in bringup.plan.units}

    def is_up(self) -> bool:
        """Whether the cluster has come up whole and all its components live."""
        record = self.record()
        return record is not None and self._can_be_resumed(record) and all(self.states().values())

    # Up

    def up(self) -> None:
        """Bring the cluster up, or leave it as it is if it is up."""
        host.require_root()
        with self._alone():
            if not self._reuse():
                self._create()

    def _reuse(self) -> bool:
        """Whether a cluster of this name is there and usable now; leftovers of one that is not are removed."""
        record = self.record()
        if record is None:
            return False
        if not self._can_be_resumed(record):
            self._progress.say(f"removing what an earlier cluster {self._name} left")
            self._remove(record)
            return False
        if difference := self._shape.difference(record):
            raise ConflictError(
                f"cluster {self._name}: is up with {difference}; take it down first "
                f"(`hack/cluster down --name {self._name}`) or choose another --name"
            )
        self._resume()
        return True

    def _can_be_resumed(self, record: ClusterRecord) -> bool:
        return record.ready and record.boot_id == records.boot_id() and self._new_layout.netns.exists()

    def _resume(self) -> None:
        bringup = self.bringup()
        ended = [unit for unit in bringup.plan.units if not bringup.is_running(unit)]
        if not ended:
            self._progress.say(f"cluster {self._name} is up already; kubeconfig {bringup.plan.layout.admin_kubeconfig}")
            return
        self._progress.say(f"cluster {self._name} is up, but {', '.join(map(str, ended))} had ended; starting")
        for unit in ended:
            bringup.start(unit)
            bringup.await_unit(unit)
        bringup.await_ready()

    def _create(self) -> None:
        records.discard_unfinished(self._new_layout.record)
        self._refuse_foreign()
        host.install_packages(host.missing_packages(pinned().debian, self._profile), self._progress)
        programs = self._programs()
        host.require_for_run(self._new_layout.data, self._profile, self._shape.node_count)
        started = time.monotonic()
        try:
            record = self._register(programs)
            self.bringup().create()
            records.write(self._new_layout.record, msgspec.structs.replace(record, ready=True))
        except BaseException as error:
            self._undo(error)
            raise
        kubeconfig = self._new_layout.admin_kubeconfig
        self._progress.say(
            f"cluster {self._name} ({self._shape}) is up in {time.monotonic() - started:.1f} s; kubeconfig {kubeconfig}"
        )

    def _programs(self) -> dict[str, Path]:
        needed = sources(pinned(), self._profile)
        if folder := os.environ.get(BIN_VARIABLE):
            return store.prebuilt(Path(folder).resolve(), [name for source in needed for name in source.called])
        return Builder(self._cache, pinned().go.version, self._progress).ensure(needed)

    def _register(self, programs: Mapping[str, Path]) -> ClusterRecord:
        """Choose the network and write the record: from here on what bears the cluster's name is ours."""
        with exclusive("choice of a network", wait_s=10.0):
            others = records.others(self._new_layout.record)
            claimed = [IPv4Network(other.network) for other in others]
            chosen = addresses.choose(self._name, [*network.taken_networks(), *claimed])
            record = ClusterRecord(
                name=self._name,
                profile=self._profile,
                network=str(chosen.network),
                data=str(self._new_layout.data),
                boot_id=records.boot_id(),
                programs={name: str(path) for name, path in programs.items()},
                absent_folders=_absent_folders(others),
                kernel_settings=_kernel_settings(others) if self._profile is Profile.FULL else {},
                nodes=self._shape.node_count,
                emulated_version=self._shape.emulation.version,
                feature_gates=dict(self._shape.emulation.feature_gates),
            )
            records.write(self._new_layout.record, record)
        self._new_layout.data.mkdir(parents=True, exist_ok=True, mode=0o711)
        return record

    def _undo(self, error: BaseException) -> None:
        """Remove what a broken-off `up` made."""
        with interrupts.held_back():
            record = self.record()
            if record:
                cause = "interrupted" if isinstance(error, KeyboardInterrupt) else "not brought up"
                self._progress.say(f"cluster {self._name}: {cause}; removing what was started")
                self._remove(record)

    # Down

    def down(self) -> bool:
        """Remove everything of the cluster but the cache; returns whether there was anything."""
        host.require_root()
        with self._alone():
            record = self.record()
            if record is None:
                records.discard_unfinished(self._new_layout.record)
                self._refuse_foreign()
                return False
            self._remove(record)
            return True

    def _remove(self, record: ClusterRecord) -> None:
        layout = Layout(self._name, Path(record.data))
        teardown.remove(layout, host.facts(layout.data).cgroup_hierarchies, record)

    def _refuse_foreign(self) -> None:
        """Raise ConflictError where something that has no record of ours bears the cluster's name."""
        layout = self._new_layout
        found = network.obstacles(layout)
        for group in cgroups.present(host.facts(layout.data).cgroup_hierarchies, layout.resource):
            found.append(f"control group {group} (remove it with `rmdir`, once its processes have ended)")
        if layout.state.exists():
            found.append(f"folder {layout.state} (without the record {layout.record.name} of a cluster)")
        if found:
            raise ConflictError(
                f"cluster {self._name}: not of a cluster that this tool made, and in the way: {'; '.join(found)}. "
                "Nothing was changed; remove it, or choose another --name"
            )

    def _alone(self) -> AbstractContextManager[None]:
        return exclusive(f"cluster {self._name}")


def _absent_folders(others: Sequence[ClusterRecord]) -> list[str]:
    """What did not exist before the first of the clusters that are there now."""
    made_by_others = {folder for other in others for folder in other.absent_folders}
    return [str(path) for path in teardown.SHARED_FOLDERS if not path.exists() or str(path) in made_by_others]


def _kernel_settings(others: Sequence[ClusterRecord]) -> dict[str, str]:
    """The settings as they were before the first of the clusters that are there now."""
    return next((other.kernel_settings for other in others if other.kernel_settings), None) or kernel.read()
