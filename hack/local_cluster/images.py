"""The project's own images: the pods' sandbox, and a small base with a shell in which C programs of this machine run.

How an image is written: image.py.
"""

import platform
import subprocess
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError, UnavailableError
from hack.local_cluster import host
from hack.local_cluster.image import Contents
from hack.local_cluster.versions import FOLDER

DEMO_IMAGE: Final = "hami.io/demo:local"
SHELL: Final = ("/bin/sh",)
LOADERS: Final = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}
LIBRARIES: Final = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2")
"""The last one for a BusyBox that is not the static one."""


def pause(folder: Path) -> Contents:
    """The sandbox: one static program, compiled in `folder`.

    Raises UnavailableError where the compiler fails.
    """
    program = folder / "pause"
    command = ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Os", "-static", "-s"]
    command += ["-o", str(program), str(FOLDER / "c" / "pause.c")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnavailableError(
            f"the pods' sandbox program cannot be compiled (packages gcc, libc6-dev); gcc said:\n{done.stderr}"
        )
    return Contents(files={"/pause": program})


def base() -> Contents:
    """A merged-/usr root like Debian's: BusyBox, the C library of this machine, and the usual folders.

    Raises InvalidInputError where this machine keeps its C library elsewhere.
    """
    busybox = Path(host.find_program("busybox") or "/bin/busybox")
    applets = subprocess.run([busybox, "--list"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return Contents(
        files={"/usr/bin/busybox": busybox, **_c_library()},
        texts={"/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "/etc/group": "root:x:0:\n"},
        links={
            **{f"/usr/bin/{applet}": "busybox" for applet in applets.stdout.split() if applet != "busybox"},
            **{f"/{folder}": f"usr/{folder}" for folder in ("bin", "sbin", "lib", "lib64")},
        },
        folders={"/usr/sbin": 0o755, "/usr/lib64": 0o755, "/root": 0o700, "/run": 0o755, "/tmp": 0o1777},  # noqa: S108
    )


def _c_library() -> dict[str, Path]:
    machine = platform.machine()
    folder = f"/lib/{machine}-linux-gnu"
    paths = [LOADERS.get(machine, ""), *(f"{folder}/{library}" for library in LIBRARIES)]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise InvalidInputError(
            f"C library of this machine: {', '.join(missing)} not found; the images need glibc at Debian's paths"
        )
    return {f"/usr{path}": Path(path) for path in paths}
