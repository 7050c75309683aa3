"""The headers and runtime libraries of CUDA that the manifest of driver functions is checked and tested against.

    python -m hack.cuda fetch    download the wheels of requirements/cuda.txt, by hash, into the cache
    python -m hack.cuda check    compare them with native/manifest; says so and succeeds where they were not fetched

Nothing of them is committed, installed or shipped. Not here: the comparison (native.generator.header_check).
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hack.local_cluster.store import cache_folder
from native.generator import header_check
from native.generator.name_table import read_known

_REPOSITORY: Final = Path(__file__).parents[1]
_REQUIREMENTS: Final = _REPOSITORY / "requirements/cuda.txt"
_PLATFORMS: Final = ("manylinux2014_x86_64", "manylinux1_x86_64")


def wheels() -> dict[str, str]:
    """Return each wheel as "package==version", with its line for pip."""
    lines = [line for line in _REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    return {line.split()[0]: line for line in lines}


def folder(wheel: str) -> Path:
    """Return where the headers and libraries of a wheel are kept once they were fetched."""
    return cache_folder() / "cuda" / wheel.replace("==", "-")


def is_fetched() -> bool:
    """Whether all wheels are in the cache."""
    return all(folder(wheel).is_dir() for wheel in wheels())


def runtimes() -> list[Path]:
    """Return the shared libcudart of each version that was fetched."""
    return sorted(path for wheel in wheels() for path in folder(wheel).glob("libcudart.so.*"))


def static_runtimes() -> list[Path]:
    """Return the static libcudart of each version whose wheel has one."""
    return sorted(path for wheel in wheels() for path in folder(wheel).glob("libcudart_static.a"))


def fetch() -> None:
    """Download what is not yet in the cache. Raises `subprocess.CalledProcessError` where pip cannot."""
    for wheel, line in wheels().items():
        if not folder(wheel).is_dir():
            print(f"cuda: fetching {wheel}", file=sys.stderr)
            folder(wheel).parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder(wheel).parent) as temporary:
                _unpack(_download(line, Path(temporary)), Path(temporary, "kept"))
                _publish(Path(temporary, "kept"), folder(wheel))


def _download(line: str, target: Path) -> Path:
    (target / "wheel.txt").write_text(line + "\n")
    platforms = [argument for platform in _PLATFORMS for argument in ("--platform", platform)]
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        *options,
        *platforms,
        "-d",
        str(target),
        "-r",
        str(target / "wheel.txt"),
    ]
    subprocess.run(command, check=True)
    return next(target.glob("*.whl"))


def _unpack(wheel: Path, target: Path) -> None:
    target.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = Path(name)
            if path.suffix == ".h" or path.name.startswith("libcudart"):
                (target / path.name).write_bytes(archive.read(name))


def _publish(made: Path, target: Path) -> None:
    """Another process may have come first: what it made is the same."""
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def complaints() -> Iterator[str]:
    """Yield what the manifest lacks, by wheel."""
    cuda, nvml = (header_check.Known.of(api) for api in read_known(_REPOSITORY / "native/manifest"))
    for wheel in wheels():
        found: list[str] = []
        for path in sorted(folder(wheel).iterdir()):
            if path.name == "nvml.h":
                found += header_check.check_nvml_header(nvml, path.read_text())
            elif path.name.endswith("Typedefs.h"):
                found += header_check.check_cuda_typedefs(cuda, path.read_text())
            elif path.name == "cuda.h" or path.name in {"cudaGL.h", "cudaEGL.h", "cudaVDPAU.h"}:
                found += header_check.check_cuda_header(cuda, path.read_text(errors="replace"))
            elif path.name.startswith("libcudart.so"):
                found += header_check.check_lookups(cuda, path.read_bytes())
        yield from (f"{wheel}: {complaint}" for complaint in sorted(set(found)))


def main() -> int:
    """Run the command that the arguments name."""
    match sys.argv[1:]:
        case ["fetch"]:
            fetch()
            return 0
        case ["check"] if not is_fetched():
            print("cuda: the manifest is not compared with CUDA's headers: `make cuda` fetches them", file=sys.stderr)
            return 0
        case ["check"]:
            found = list(complaints())
            print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
            return int(bool(found))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
