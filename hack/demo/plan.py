"""What the demo will install and build on this machine, said before anything is changed. Nothing is changed here."""

import os
import subprocess
import sys
from typing import Final

from catalog.errors import InvalidInputError
from hack.local_cluster import Profile, host, store
from hack.local_cluster.programs import build_key, sources
from hack.local_cluster.versions import pinned

COMPILER_PACKAGE: Final = "build-essential"


def announce() -> None:
    """Print the plan; on a terminal ask whether to go on, unless YES=1. Raises `InvalidInputError` on a no."""
    memory = _gib(host.RUN_MEMORY_BYTES[Profile.FULL])
    say(
        "This starts a local Kubernetes with simulated cards in a network namespace of its own, and the hami-dra driver and"
    )
    say(f"webhook beside it. It needs {memory} of memory. All but the cache is removed again by `make demo-down`.")
    for line in (*_installs(), *_builds()) or ("everything it needs is installed and built",):
        say(f"  {line}")
    if sys.stdin.isatty() and os.environ.get("YES") != "1" and not _agreed():
        raise InvalidInputError("not started, as you wish; nothing was changed. YES=1 make demo starts without asking")


def say(text: str = "") -> None:
    """Print one line at once."""
    print(text, flush=True)


def _installs() -> list[str]:
    missing = {name for names in host.missing_packages(pinned().debian, Profile.FULL).values() for name in names}
    if not _is_installed(COMPILER_PACKAGE):
        missing.add(COMPILER_PACKAGE)
    return [f"will install Debian packages: {', '.join(sorted(missing))}"] if missing else []


def _builds() -> list[str]:
    cache = store.cache_folder()
    toolchain = pinned().go.version
    needed = [
        source
        for source in sources(pinned(), Profile.FULL)
        if not (cache / "bin" / build_key(source, toolchain)).exists()
    ]
    if not needed or os.environ.get("HAMI_DRA_CLUSTER_BIN"):
        return []
    names = ", ".join(f"{source.name} {source.version}" for source in needed)
    minutes = max(1, round(sum(source.typical_build_s for source in needed) / 60))
    memory, disk = _gib(host.BUILD_MEMORY_BYTES), _gib(host.BUILD_DISK_BYTES)
    return [
        f"will build, once, into {cache}: {names}",
        f"that takes about {minutes} minutes on two cores, {memory} of memory and {disk} of disk",
    ]


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / host.GIB:g} GiB"


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "installed"


def _agreed() -> bool:
    try:
        return input("Go on? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
