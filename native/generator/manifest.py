"""The manifest: every driver function we know, one line per exported symbol. Reads native/manifest/*.def.

    line       = symbol family since streams policy prototype
    symbol     what the driver's library exports, version suffix included
    family     the name that cuGetProcAddress is asked for; the symbol with the highest `since` that is not above the
               asked CUDA version answers for its family
    since      CUDA version from which the symbol answers (1000 * major + 10 * minor); 0 where there is no versioned resolver
    streams    `ptds` or `ptsz` where a variant with that suffix uses the per-thread default stream (since 7000); else `-`
    policy     forward   not wrapped: a client gets the driver's own pointer
               call      the same, and the interceptor itself calls it
               enter     wrapped: the process begins to use the driver
               resolve   wrapped: gives out pointers
               account   wrapped: allocates or frees
               report    wrapped: tells of memory
               gate      wrapped: starts work
               explain   wrapped: says why the driver refuses
               account+gate  both
               copy      wrapped: copies or sets memory, for shares whose copies are charged (native/generator/copies.py)
               watch     wrapped: ends or changes what the gate knows of
               deny      wrapped: refused
               one that wraps may end in `/open`: it is wanted, and the wrapper is not yet written
    prototype  `return type (parameters)`, every parameter named

Fields are separated by blanks; `#` begins a comment line. Not here: what is generated from it, and the functions that we know by
name alone (native/generator/name_table.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

POLICIES: Final = (
    "forward",
    "call",
    "enter",
    "resolve",
    "account",
    "report",
    "gate",
    "account+gate",
    "copy",
    "watch",
    "explain",
    "deny",
)
TIME_ONLY: Final = frozenset({"gate", "watch", "copy"})
UNWRAPPED: Final = frozenset({"forward", "call"})
PER_THREAD_SINCE: Final = 7000
_PROTOTYPE: Final = re.compile(r"(?P<returns>[\w ]+?[ *]*) \((?P<parameters>.*)\)")
_PARAMETER: Final = re.compile(r"(?P<type>.*[ *])(?P<name>\w+)")


class ManifestError(ValueError):
    """A line that cannot be used; the message names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Function:
    """One exported symbol of a driver library."""

    symbol: str
    family: str
    since: int
    streams: str
    policy: str
    returns: str
    """Empty where we know no prototype."""
    parameters: tuple[tuple[str, str], ...]
    """(type, name) in order."""
    is_open: bool = False
    """Its policy is wanted and not yet built: a client gets the driver's own pointer."""
    reason: str = ""
    """Why it is only forwarded, where that needs to be said."""
    per_thread: bool = False
    """It is the variant for the per-thread default stream, which its family's resolver gives for a flag."""

    @property
    def wrapped(self) -> bool:
        """Whether the interceptor exports an entry point of its own."""
        return self.policy not in UNWRAPPED and not self.is_open

    @property
    def is_time_only(self) -> bool:
        """Whether its wrapper is there for a share's time alone: where no share can have a limit of that, nobody needs it."""
        return self.policy in TIME_ONLY

    @property
    def is_copy(self) -> bool:
        """Whether its wrapper is there for shares whose copies are charged alone."""
        return self.policy == "copy"

    @property
    def needed(self) -> bool:
        """Whether the interceptor needs the driver's own pointer."""
        return self.wrapped or self.policy == "call"

    @property
    def per_thread_symbol(self) -> str | None:
        """The exported variant that uses the per-thread default stream."""
        return f"{self.symbol}_{self.streams}" if self.streams != "-" else None

    @property
    def variants(self) -> tuple["Function", ...]:
        """The function, and the one that uses the per-thread default stream, if there is one: entry points of their own."""
        symbol = self.per_thread_symbol
        if symbol is None:
            return (self,)
        since = max(self.since, PER_THREAD_SINCE)
        return (self, replace(self, symbol=symbol, since=since, streams="-", per_thread=True))

    @property
    def names(self) -> str:
        """The arguments of a call that passes the parameters on."""
        return ", ".join(name for _, name in self.parameters)

    def declaration(self, declarator: str) -> str:
        """Return the C declaration of `declarator` as a function of this prototype."""
        parameters = ", ".join(f"{kind}{name}" for kind, name in self.parameters) or "void"
        gap = "" if self.returns.endswith("*") else " "
        return f"{self.returns}{gap}{declarator}({parameters})"


@dataclass(frozen=True, slots=True)
class Api:
    """One driver library: its functions, and how its C code names things."""

    name: str
    """`cuda` or `nvml`: prefix of the generated files and of the C identifiers."""
    soname: str
    absent: str
    """What a function answers that the driver does not have."""
    unsupported: str
    """What a function of the simulated driver answers that it does not simulate."""
    functions: tuple[Function, ...]

    @property
    def prototyped(self) -> list[Function]:
        """The functions whose prototype we know."""
        return [function for function in self.functions if function.returns]

    @property
    def symbols(self) -> list[str]:
        """Every exported name, per-thread variants included, sorted."""
        variants = [function.per_thread_symbol for function in self.functions]
        return sorted([function.symbol for function in self.functions] + [name for name in variants if name])


def read_apis(folder: Path) -> tuple[Api, Api]:
    """Read the manifests of CUDA and NVML. Raises `ManifestError`."""
    return (
        Api("cuda", "libcuda.so.1", "CUDA_ERROR_NOT_FOUND", "CUDA_ERROR_NOT_SUPPORTED", _read(folder / "cuda.def")),
        Api(
            "nvml",
            "libnvidia-ml.so.1",
            "NVML_ERROR_FUNCTION_NOT_FOUND",
            "NVML_ERROR_NOT_SUPPORTED",
            _read(folder / "nvml.def"),
        ),
    )


def _read(path: Path) -> tuple[Function, ...]:
    functions: list[Function] = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            functions.append(parse_line(line))
        except ValueError as error:
            raise ManifestError(f"{path}:{number}: {error}") from error
    _refuse_twins(path, functions)
    return tuple(functions)


def parse_line(line: str) -> Function:
    """Read one line of a manifest. Raises `ValueError` that says what is wrong with it."""
    fields = line.split(maxsplit=5)
    if len(fields) != 6:
        raise ValueError("expected six fields: symbol family since streams policy prototype")
    symbol, family, since, streams, policy, prototype = fields
    policy, is_open = parse_policy(policy)
    if streams not in {"-", "ptds", "ptsz"}:
        raise ValueError(f"streams {streams!r} is none of -, ptds, ptsz")
    if not symbol.startswith(family):
        raise ValueError(f"symbol {symbol!r} is not of family {family!r}")
    returns, parameters = _parse_prototype(prototype)
    return Function(symbol, family, int(since), streams, policy, returns, parameters, is_open)


def parse_policy(text: str) -> tuple[str, bool]:
    """Return the policy, and whether it is still open. Raises `ValueError`."""
    policy, slash, state = text.partition("/")
    if policy not in POLICIES:
        raise ValueError(f"policy {policy!r} is none of {', '.join(POLICIES)}")
    if slash and (state != "open" or policy in UNWRAPPED):
        raise ValueError(f"policy {text!r}: only one that wraps can be open, as account/open")
    return policy, bool(slash)


def _parse_prototype(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    whole = _PROTOTYPE.fullmatch(text)
    if not whole:
        raise ValueError(f"prototype {text!r} is not `return type (parameters)`")
    if whole["parameters"] == "void":
        return whole["returns"], ()
    parameters = [_PARAMETER.fullmatch(part.strip()) for part in whole["parameters"].split(",")]
    named = tuple((part["type"], part["name"]) for part in parameters if part)
    if len(named) != len(parameters):
        raise ValueError(f"prototype {text!r} has a parameter without a name")
    return whole["returns"], named


def _refuse_twins(path: Path, functions: Sequence[Function]) -> None:
    seen: set[str] = set()
    for function in functions:
        if function.symbol in seen:
            raise ManifestError(f"{path}: {function.symbol} is there twice; keep one line")
        seen.add(function.symbol)
