"""The tables of names: driver functions that we know, and need no prototype of. Reads native/manifest/*_names.def.

    line    = policy family version … [# reason]
    version = since[_v<ABI version>][+ptds | +ptsz]

`policy`, `since` and the suffix of the per-thread variant are those of native/generator/manifest.py. A function without a prototype
has no wrapper: where its policy asks for one, the policy ends in `/open`. `reason` says why a function that looks as if it
allocated or started work is only forwarded (native/generator/header_check.py). A symbol that has a line in the manifest proper
is taken from there, but for its reason.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from native.generator.manifest import Api, Function, ManifestError, parse_policy, read_apis

_VERSION: Final = re.compile(r"(?P<since>\d+)(?P<suffix>_v\d+)?(?:\+(?P<streams>pt[ds][sz]))?")


def read_known(folder: Path) -> tuple[Api, Api]:
    """Read all that we know of CUDA and NVML: the manifests and the tables of names. Raises `ManifestError`."""
    cuda, nvml = read_apis(folder)
    return _with_names(cuda, folder), _with_names(nvml, folder)


def _with_names(api: Api, folder: Path) -> Api:
    named = {function.symbol: function for function in _read(folder / f"{api.name}_names.def")}
    written = [replace(f, reason=named.pop(f.symbol).reason) if f.symbol in named else f for f in api.functions]
    return replace(api, functions=(*written, *named.values()))


def _read(path: Path) -> Iterator[Function]:
    seen: set[str] = set()
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            functions = tuple(parse_names(line))
        except ValueError as error:
            raise ManifestError(f"{path}:{number}: {error}") from error
        twins = seen.intersection(function.symbol for function in functions)
        if twins:
            raise ManifestError(f"{path}:{number}: {min(twins)} is there twice; keep one line")
        seen.update(function.symbol for function in functions)
        yield from functions


def parse_names(line: str) -> Iterator[Function]:
    """Yield the functions of one line. Raises `ValueError` that says what is wrong with it."""
    text, _, reason = line.partition("#")
    fields = text.split()
    if len(fields) < 3:
        raise ValueError("expected: policy family since[_version][+streams] …")
    policy, is_open = parse_policy(fields[0])
    if policy != "forward" and not is_open:
        raise ValueError(f"a function without a prototype has no wrapper: {policy}/open, or a line with its prototype")
    for version in fields[2:]:
        parts = _VERSION.fullmatch(version)
        if parts is None:
            raise ValueError(f"version {version!r} is not since[_v<number>][+ptds|+ptsz]")
        symbol = fields[1] + (parts["suffix"] or "")
        streams = parts["streams"] or "-"
        yield Function(symbol, fields[1], int(parts["since"]), streams, policy, "", (), is_open, reason.strip())
