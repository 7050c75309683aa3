"""A cluster's control group: the register of every process that it started, whatever those started in turn.

`<hierarchy>/hami-<name>/components` holds the components and shims; the first kubelet's containers are its siblings, those of node 1
stand below `<hierarchy>/hami-<name>/1`. The register is complete even where a process record was never written, so removal
relies on it alone.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from hack.local_cluster.host import CGROUP_ROOT

COMPONENTS: Final = "components"


def create(hierarchies: Sequence[Path], name: str, of_nodes: Sequence[Path] = ()) -> None:
    """Make the cluster's group in every hierarchy, the groups of nodes (relative to a hierarchy), and the register.

    Raises InvalidInputError where the machine does not let us.
    """
    try:
        for hierarchy in hierarchies:
            if hierarchy == CGROUP_ROOT:
                _hand_down_controllers(hierarchy)
            for group in (Path(name), *(node for node in of_nodes if node != Path(name))):
                (hierarchy / group).mkdir()
                if hierarchy == CGROUP_ROOT:
                    _hand_down_controllers(hierarchy / group)
        entrance(hierarchies, name).parent.mkdir()
    except OSError as error:
        raise InvalidInputError(
            f"control group {error.filename}: cannot be made ({error.strerror}); the local cluster needs a machine or a virtual "
            "machine of its own, or a container that may manage control groups"
        ) from error


def _hand_down_controllers(group: Path) -> None:
    """On cgroup v2, let a group's children use every controller that it has: the kubelet asks for all of them."""
    for controller in (group / "cgroup.controllers").read_text().split():
        # Some cannot be handed down while realtime processes run; the kubelet says which it lacks.
        with contextlib.suppress(OSError):
            (group / "cgroup.subtree_control").write_text(f"+{controller}")


def entrance(hierarchies: Sequence[Path], name: str) -> Path:
    """The `cgroup.procs` file by which a process enters the register."""
    return hierarchies[0] / name / COMPONENTS / "cgroup.procs"


def present(hierarchies: Sequence[Path], name: str) -> list[Path]:
    """The cluster's group in each hierarchy where it exists."""
    return [group for hierarchy in hierarchies if (group := hierarchy / name).is_dir()]


def members(hierarchies: Sequence[Path], name: str) -> set[int]:
    """Process ids of everything in the cluster's groups."""
    return {pid for group in present(hierarchies, name) for pid in _members_below(group)}


def try_remove(hierarchies: Sequence[Path], name: str) -> None:
    """Remove what can be removed of the cluster's groups; a group with members, or with one on its way out, stays."""
    for group in present(hierarchies, name):
        for folder in sorted(_groups_below(group), key=lambda path: len(path.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _members_below(group: Path) -> Iterator[int]:
    for folder in _groups_below(group):
        try:
            yield from map(int, (folder / "cgroup.procs").read_text().split())
        except OSError:  # the group went away between listing and reading, so it has no members
            continue


def _groups_below(group: Path) -> list[Path]:
    return [Path(folder) for folder, _, _ in os.walk(group)]
