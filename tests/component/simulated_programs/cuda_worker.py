"""Keep card 0 at work through the driver API for as many milliseconds as each line on stdin says.

`cuda_worker.py LIBRARY` prints `ready` once it can launch, and after each line how many units of a millisecond it has seen end, and in how
many milliseconds.
"""

import ctypes
import sys
import time


def main() -> None:
    """Work as told."""
    cuda = ctypes.CDLL(sys.argv[1])
    context, module, function = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    for result in (
        cuda.cuInit(0),
        cuda.cuCtxCreate_v2(ctypes.byref(context), 0, 0),
        cuda.cuModuleLoadData(ctypes.byref(module), b"image"),
        cuda.cuModuleGetFunction(ctypes.byref(function), module, b"busy_1000us"),
    ):
        if result:
            sys.exit(f"cannot start: CUDA error {result}")
    print("ready", flush=True)
    one = (ctypes.c_uint(1),) * 6
    for line in sys.stdin:
        begun_s, units = time.monotonic(), 0
        while time.monotonic() - begun_s < int(line) / 1000:
            if cuda.cuLaunchKernel(function, *one, ctypes.c_uint(0), None, None, None) or cuda.cuCtxSynchronize():
                sys.exit("cannot launch")
            units += 1
        print(units, int((time.monotonic() - begun_s) * 1000), flush=True)


if __name__ == "__main__":
    main()
