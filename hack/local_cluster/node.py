"""A node's container runtime as the tool uses it: is it there, and load an image.

Pods, logs and exec go through kubectl.
"""

import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from catalog.errors import UnavailableError
from hack.local_cluster.image import Contents, write_archive
from hack.local_cluster.layout import NodeLayout


class Containerd:
    """containerd of one node, spoken to by ctr."""

    def __init__(self, ctr: Path, layout: NodeLayout) -> None:
        self._ctr = ctr
        self._layout = layout

    def answers(self) -> bool:
        """Whether containerd accepts connections."""
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(str(self._layout.containerd_socket)) == 0

    def load(self, name: str, contents: Contents, command: Sequence[str]) -> None:
        """Make an image and import it as `name` in place of an earlier one.

        Raises UnavailableError where containerd refuses it.
        """
        with NamedTemporaryFile(dir=self._layout.data, suffix=".tar") as archive:
            write_archive(archive, name, contents, command)
            archive.flush()
            ctr = [str(self._ctr), "--address", str(self._layout.containerd_socket), "--namespace", "k8s.io"]
            ctr += ["images", "import", "--local", archive.name]
            done = subprocess.run(ctr, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(
                f"image {name}: containerd does not import it: {done.stderr.strip() or done.stdout.strip()}"
            )
