"""Allocate on card 0 through the driver API until a number of MiB or refusal, say how much, and hold it until stdin closes.

`cuda_holder.py LIBRARY MIB CHUNK_MIB` prints `ready` once it has a context, and after a line on stdin the MiB that it holds.
"""

import ctypes
import sys


def main() -> None:
    """Hold memory of the first card."""
    library, wanted_mib, chunk_mib = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    cuda = ctypes.CDLL(library)
    context, address = ctypes.c_void_p(), ctypes.c_ulonglong()
    for result in (cuda.cuInit(0), cuda.cuCtxCreate_v2(ctypes.byref(context), 0, 0)):
        if result:
            sys.exit(f"cannot start: CUDA error {result}")
    print("ready", flush=True)
    sys.stdin.readline()
    held_mib = 0
    while held_mib < wanted_mib and not cuda.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(chunk_mib << 20)):
        held_mib += chunk_mib
    print(held_mib, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
