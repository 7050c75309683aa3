"""Allocate on card 0 through the driver API, as lines on stdin say: MiB to allocate, or 0 to free all.

`cuda_allocator.py LIBRARY` prints `ready` once it has a context, and after each line the CUDA error (0: none).
"""

import ctypes
import sys


def main() -> None:
    """Allocate and free as told."""
    cuda = ctypes.CDLL(sys.argv[1])
    context = ctypes.c_void_p()
    for result in (cuda.cuInit(0), cuda.cuCtxCreate_v2(ctypes.byref(context), 0, 0)):
        if result:
            sys.exit(f"cannot start: CUDA error {result}")
    print("ready", flush=True)
    addresses: list[int] = []
    for line in sys.stdin:
        if int(line):
            address = ctypes.c_ulonglong()
            error = cuda.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(int(line) << 20))
            addresses += [] if error else [address.value]
        else:
            error = sum(cuda.cuMemFree_v2(ctypes.c_ulonglong(address)) for address in addresses)
            addresses = []
        print(error, flush=True)


if __name__ == "__main__":
    main()
