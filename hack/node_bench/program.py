"""What runs in a share while its limits change: it asks for memory, or for the card's time, all the while, and writes down what came of it.

`program.py memory FILE`: one slab of memory every 0.2 ms, given back at once; a line for each answer that is not as the one before: when it
came (CLOCK_MONOTONIC, ns), and the CUDA error. `program.py cores FILE`: a unit of a millisecond, waited for; a line for each: when it had
ended. `program.py waits FILE`: a unit of 20 ms; a line for each: when its launch had returned, which is when the share let it go on.
"""

import ctypes
import sys
import time
from pathlib import Path
from typing import Any, TextIO

SLAB = 2 << 20
PAUSE_S = 0.0002


def main() -> None:
    """Ask until somebody ends it."""
    what, file = sys.argv[1:]
    cuda = ctypes.CDLL("libcuda.so.1")
    context = ctypes.c_void_p()
    _check(cuda.cuInit(0))
    _check(cuda.cuCtxCreate_v2(ctypes.byref(context), 0, 0))
    with Path(file).open("w", buffering=1) as lines:
        {"memory": _memory, "cores": _cores, "waits": _waits}[what](cuda, lines)


def _memory(cuda: Any, lines: TextIO) -> None:  # noqa: ANN401  ctypes finds functions by name
    address, before = ctypes.c_ulonglong(), None
    while True:
        error = cuda.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(SLAB))
        if error != before:
            lines.write(f"{time.monotonic_ns()} {error}\n")
            before = error
        if not error:
            _check(cuda.cuMemFree_v2(address))
        time.sleep(PAUSE_S)


def _cores(cuda: Any, lines: TextIO) -> None:  # noqa: ANN401
    function = _function(cuda, b"busy_1000us")
    while True:
        _launch(cuda, function)
        _check(cuda.cuCtxSynchronize())
        lines.write(f"{time.monotonic_ns()}\n")


def _waits(cuda: Any, lines: TextIO) -> None:  # noqa: ANN401
    function = _function(cuda, b"busy_20000us")
    while True:
        _launch(cuda, function)
        lines.write(f"{time.monotonic_ns()}\n")
        _check(cuda.cuCtxSynchronize())


def _function(cuda: Any, name: bytes) -> ctypes.c_void_p:  # noqa: ANN401
    module, function = ctypes.c_void_p(), ctypes.c_void_p()
    _check(cuda.cuModuleLoadData(ctypes.byref(module), b"image"))
    _check(cuda.cuModuleGetFunction(ctypes.byref(function), module, name))
    return function


def _launch(cuda: Any, function: ctypes.c_void_p) -> None:  # noqa: ANN401
    _check(cuda.cuLaunchKernel(function, *(ctypes.c_uint(1),) * 6, ctypes.c_uint(0), None, None, None))


def _check(error: int) -> None:
    if error:
        sys.exit(f"CUDA error {error}")


if __name__ == "__main__":
    main()
