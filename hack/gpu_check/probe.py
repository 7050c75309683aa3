"""The program inside a share: a plain one of the CUDA driver API, that does what each line on stdin says and answers in one line.

A request and an answer are JSON: {"do": NAME, …} and {"error": CUDA's error, "bytes": N}. Run by its path; imports nothing of ours.
"""

import ctypes
import json
import sys
from collections.abc import Callable
from typing import Any

OUT_OF_MEMORY = 2
NO_SUCH_FUNCTION = -1
FIRST_CHUNK_BYTES = 1 << 30
SLAB_BYTES = 2 << 20
_MEMORY_TYPE, _IS_MANAGED = 2, 8
"""CUpointer_attribute (cuda.h)."""


class ArrayDescriptor(ctypes.Structure):
    """CUDA_ARRAY3D_DESCRIPTOR (cuda.h)."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("width", "height", "depth")),
        ("format", ctypes.c_int),
        ("channels", ctypes.c_uint),
        ("flags", ctypes.c_uint),
    ]


class AllocationProperties(ctypes.Structure):
    """CUmemAllocationProp (cuda.h): pinned memory of device 0."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("type", "handle_types", "location_type", "location_id")),
        ("rest", ctypes.c_char * 16),
    ]


class CudaError(Exception):
    """An answer of the driver that is no success."""

    def __init__(self, error: int) -> None:
        super().__init__(error)
        self.error = error


class Program:
    """One process's use of the driver. What it allocates it keeps, until it is told to give back all."""

    def __init__(self) -> None:
        self._cuda = ctypes.CDLL("libcuda.so.1")
        self._undo: list[Callable[[], None]] = []
        self._buffers: list[tuple[int, int]] = []
        self._call("cuInit", 0)

    def context(self) -> int:
        """Make a context."""
        context = ctypes.c_void_p()
        self._call("cuCtxCreate_v2", ctypes.byref(context), 0, 0)
        return 0

    def primary(self) -> int:
        """Make the primary context, as the CUDA runtime does."""
        context = ctypes.c_void_p()
        self._call("cuDevicePrimaryCtxRetain", ctypes.byref(context), 0)
        self._call("cuCtxSetCurrent", context)
        return 0

    def buffer(self, size: int) -> int:
        """Allocate plain memory."""
        address = ctypes.c_uint64()
        self._call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(size))
        self._undo.append(lambda: self._call("cuMemFree_v2", address))
        self._buffers.append((address.value, size))
        return size

    def managed(self) -> int:
        """Return whether the last buffer says that it is managed memory, and in the tens what memory it says that it is."""
        return self._attribute(_IS_MANAGED) + 10 * self._attribute(_MEMORY_TYPE)

    def export(self) -> int:
        """Ask for an IPC handle of the last buffer."""
        self._call("cuIpcGetMemHandle", ctypes.create_string_buffer(64), ctypes.c_uint64(self._buffers[-1][0]))
        return 0

    def mark(self, value: int) -> int:
        """Write a byte into every slab of the buffers; return how many."""
        places = self._places()
        for place in places:
            self._call("cuMemsetD8_v2", ctypes.c_uint64(place), ctypes.c_ubyte(value), ctypes.c_size_t(1))
        return len(places)

    def marked(self, value: int) -> int:
        """Return how many slabs have that byte."""
        found, count = ctypes.c_ubyte(), 0
        for place in self._places():
            self._call("cuMemcpyDtoH_v2", ctypes.byref(found), ctypes.c_uint64(place), ctypes.c_size_t(1))
            count += found.value == value
        return count

    def pool(self, size: int) -> int:
        """Allocate in stream order, from the default pool."""
        address = ctypes.c_uint64()
        self._call("cuMemAllocAsync", ctypes.byref(address), ctypes.c_size_t(size), None)
        self._call("cuCtxSynchronize")
        self._undo.append(lambda: self._call("cuMemFreeAsync", address, None))
        return size

    def handle(self, size: int) -> int:
        """Allocate by handle, without an address."""
        wanted = AllocationProperties(type=1, location_type=1)
        handle = ctypes.c_uint64()
        self._call("cuMemCreate", ctypes.byref(handle), ctypes.c_size_t(size), ctypes.byref(wanted), ctypes.c_uint64(0))
        self._undo.append(lambda: self._call("cuMemRelease", handle))
        return size

    def array(self, width: int, height: int, depth: int, form: int, channels: int, flags: int, levels: int) -> int:
        """Make an array, or a mipmapped one where it has several levels."""
        wanted, array = ArrayDescriptor(width, height, depth, form, channels, flags), ctypes.c_void_p()
        if levels > 1:
            self._call("cuMipmappedArrayCreate", ctypes.byref(array), ctypes.byref(wanted), levels)
            self._undo.append(lambda: self._call("cuMipmappedArrayDestroy", array))
        else:
            self._call("cuArray3DCreate_v2", ctypes.byref(array), ctypes.byref(wanted))
            self._undo.append(lambda: self._call("cuArrayDestroy", array))
        return 0

    def fill(self) -> int:
        """Allocate in ever smaller chunks until the smallest is refused; return what it got. Any other error than that is one."""
        got, chunk = 0, FIRST_CHUNK_BYTES
        while chunk >= SLAB_BYTES:
            try:
                got += self.buffer(chunk)
            except CudaError as error:
                if error.error != OUT_OF_MEMORY:
                    raise
                chunk //= 2
        return got

    def release(self) -> int:
        """Give back all that was allocated."""
        self._buffers.clear()
        while self._undo:
            self._undo.pop()()
        self._call("cuCtxSynchronize")
        return 0

    def left(self) -> int:
        """Return what the driver says is free."""
        return self._memory()[0]

    def total(self) -> int:
        """Return the memory that the driver says the card has."""
        return self._memory()[1]

    def _places(self) -> list[int]:
        return [place for start, size in self._buffers for place in range(start, start + size, SLAB_BYTES)]

    def _attribute(self, attribute: int) -> int:
        value = ctypes.c_int()
        address = ctypes.c_uint64(self._buffers[-1][0])
        self._call("cuPointerGetAttribute", ctypes.byref(value), attribute, address)
        return value.value

    def _memory(self) -> tuple[int, int]:
        left, total = ctypes.c_size_t(), ctypes.c_size_t()
        self._call("cuMemGetInfo_v2", ctypes.byref(left), ctypes.byref(total))
        return left.value, total.value

    def _call(self, name: str, *arguments: Any) -> None:  # noqa: ANN401  what ctypes takes
        function = getattr(self._cuda, name, None)
        error = NO_SUCH_FUNCTION if function is None else function(*arguments)
        if error:
            raise CudaError(error)


def answer(program: Program, request: dict[str, Any]) -> dict[str, int]:
    """Do what a request says."""
    name = request.pop("do")
    try:
        return {"error": 0, "bytes": getattr(program, name)(**request)}
    except CudaError as error:
        return {"error": error.error, "bytes": 0}


def main() -> None:
    """Answer until stdin ends. The first answer, to no request, says whether the driver started."""
    try:
        program = Program()
    except (OSError, CudaError) as error:
        print(json.dumps({"error": getattr(error, "error", NO_SUCH_FUNCTION), "bytes": 0}), flush=True)
        return
    print(json.dumps({"error": 0, "bytes": 0}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(program, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
