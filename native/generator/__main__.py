"""Write what follows from the manifest: `python -m native.generator [--check]`.

Writes native/generated/ and docs/coverage.md; with `--check` it writes nothing and fails where a file is stale.
Not here: the mirrors of C structs in Python (native.generator.pages, native.generator.sim_card).
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from native.generator import copies, coverage, exports, headers, interceptor, known_names, simulator
from native.generator.manifest import ManifestError
from native.generator.name_table import read_known

_REPOSITORY: Final = Path(__file__).parents[2]


def generated() -> dict[Path, str]:
    """Return the text of every generated file. Raises `ManifestError`."""
    apis = cuda, nvml = read_known(_REPOSITORY / "native/manifest")
    folder = _REPOSITORY / "native/generated"
    return {
        folder / "cuda_api.h": headers.header(cuda),
        folder / "nvml_api.h": headers.header(nvml),
        folder / "real.h": interceptor.real_header(apis),
        folder / "real.c": interceptor.real_source(apis),
        folder / "wrappers.h": interceptor.wrappers_header(apis),
        folder / "wrappers.c": interceptor.wrappers_source(apis),
        folder / "wrap_copies.c": copies.wrappers(cuda, copies.read(_REPOSITORY / "native/manifest/copies.def")),
        folder / "known_names.h": known_names.header(),
        folder / "known_names.c": known_names.source(cuda),
        folder / "sim_entries.h": simulator.entries_header(),
        folder / "sim_entries.c": simulator.entries(cuda),
        folder / "sim_cuda_stubs.c": simulator.stubs(cuda),
        folder / "sim_nvml_stubs.c": simulator.stubs(nvml),
        folder / "libvgpu.map": exports.interceptor_exports(apis),
        folder / "libcuda.map": exports.driver_exports(cuda),
        folder / "libnvidia-ml.map": exports.driver_exports(nvml),
        _REPOSITORY / "docs/coverage.md": coverage.coverage(apis),
    }


def main() -> int:
    """Write the generated files, or check them."""
    parser = argparse.ArgumentParser(prog="python -m native.generator", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a generated file is stale")
    check = parser.parse_args().check
    try:
        files = generated()
    except ManifestError as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(_REPOSITORY)} is stale; run `python -m native.generator`", file=sys.stderr)
        else:
            path.write_text(files[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
