"""Generates dra_driver/kubelet/*_pb2* from proto/, or with `--check` says whether they are up to date.

The protos stand outside the package; a virtual import path puts the generated modules, and their absolute imports, inside it.
"""

import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Final

from grpc_tools import protoc  # type: ignore[import-untyped]  # grpcio-tools ships no types

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = "dra_driver/kubelet"
PROGRAMS: Final = Path(sys.executable).parent
PROTOS: Final = (
    "dra_v1.proto",
    "dra_health_v1.proto",
    "dra_health_v1alpha1.proto",
    "grpc_health_v1.proto",
    "pluginregistration_v1.proto",
)


def main() -> int:
    """Write the generated modules, or compare them; return the exit code."""
    if sys.argv[1:] == ["--check"]:
        with tempfile.TemporaryDirectory() as folder:
            _generate(Path(folder))
            stale = sorted(_differences(Path(folder)))
        if stale:
            print(f"generate_proto: stale: {', '.join(stale)}; run make generate", file=sys.stderr)
        return 1 if stale else 0
    _generate(ROOT)
    return 0


def _generate(target: Path) -> None:
    outputs = [f"--python_out={target}", f"--grpc_python_out={target}"]
    for plugin in ("mypy", "mypy_grpc"):
        outputs += [
            f"--plugin=protoc-gen-{plugin}={PROGRAMS / f'protoc-gen-{plugin}'}",
            f"--{plugin}_out=quiet:{target}",
        ]
    well_known = files("grpc_tools") / "_proto"
    sources = [f"{PACKAGE}/{name}" for name in PROTOS]
    code = protoc.main(["protoc", f"-I{PACKAGE}={ROOT / 'proto'}", f"-I{well_known}", *outputs, *sources])
    if code != 0:
        raise SystemExit(f"generate_proto: protoc failed with {code}; its message is above")


def _differences(fresh: Path) -> set[str]:
    """Return the names of generated modules that are missing, left over or different in the tree."""
    wanted, present = (
        {path.name: path.read_bytes() for path in (root / PACKAGE).glob("*_pb2*") if path.is_file()}
        for root in (fresh, ROOT)
    )
    return {name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name)}


if __name__ == "__main__":
    sys.exit(main())
