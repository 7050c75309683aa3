"""Keep card 0 at work past the interceptor, until stdin closes: memory is asked for as others ask, launches by the driver's own address.

`cuda_escapee.py LIBRARY` prints `ready` once it is at work. The address is that of the library's own table of symbols, as `nm` reads it.
"""

import ctypes
import subprocess
import sys
import threading
from pathlib import Path


def address_of(library: Path, symbol: str) -> int:
    """Return where a function of a loaded library is."""
    table = subprocess.run(
        ["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True, env={}
    ).stdout
    offset = next(int(line.split()[0], 16) for line in table.splitlines() if line.split()[2].split("@")[0] == symbol)
    maps = Path("/proc/self/maps").read_text().splitlines()
    return int(next(line for line in maps if line.endswith(str(library))).split("-")[0], 16) + offset


def main() -> None:
    """Work until nobody listens."""
    library = Path(sys.argv[1]).resolve()
    cuda = ctypes.CDLL(str(library))
    context, module, function = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    for result in (
        cuda.cuInit(0),
        cuda.cuCtxCreate_v2(ctypes.byref(context), 0, 0),
        cuda.cuModuleLoadData(ctypes.byref(module), b"image"),
        cuda.cuModuleGetFunction(ctypes.byref(function), module, b"busy_1000us"),
    ):
        if result:
            sys.exit(f"cannot start: CUDA error {result}")
    words = (*(ctypes.c_uint,) * 7, *(ctypes.c_void_p,) * 3)
    launch = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, *words)(address_of(library, "cuLaunchKernel"))
    listener = threading.Thread(target=sys.stdin.read)
    listener.start()
    print("ready", flush=True)
    while listener.is_alive():
        if launch(function, 1, 1, 1, 1, 1, 1, 0, None, None, None) or cuda.cuCtxSynchronize():
            sys.exit("cannot launch")


if __name__ == "__main__":
    main()
