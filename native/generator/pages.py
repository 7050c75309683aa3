"""What follows from native/include/hami_pages.h: `python -m native.generator.pages [--check]`.

The C compiler is asked, not imitated: a probe prints where each field lies. From its answer come the ABI hash (FNV-1a 64 over the
list "struct.field:offset:size"), asserted in native/generated/pages_abi.h, and Python's mirror dra_driver/shares/pages_layout.py.
Not here: anything that reads or writes a page (dra_driver.shares.pages).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_REPOSITORY: Final = Path(__file__).parents[2]
HEADER: Final = _REPOSITORY / "native/include/hami_pages.h"
ASSERTIONS: Final = _REPOSITORY / "native/generated/pages_abi.h"
MIRROR: Final = _REPOSITORY / "dra_driver/shares/pages_layout.py"

_STRUCTS: Final = (
    "head",
    "limits_record",
    "limits_place",
    "limits",
    "word",
    "span",
    "slot",
    "factor",
    "usage",
    "seat",
    "card",
)
_CONSTANTS: Final = (
    *(
        "PAGES_MAJOR",
        "PAGES_MINOR",
        "HEAD_BYTES",
        "SLOTS",
        "SLOT_BYTES",
        "USAGE_HEADER_BYTES",
        "USAGE_BYTES",
        "LIMITS_BYTES",
        "LIMITS_PLACE_BYTES",
        "SEATS",
        "SEAT_BYTES",
        "CARD_HEADER_BYTES",
        "CARD_BYTES",
    ),
    *(
        "LIMITS_MAGIC",
        "USAGE_MAGIC",
        "CARD_MAGIC",
        "SLOT_LOCK_OFFSET",
        "SEAT_LOCK_OFFSET",
        "CORES_DEFAULT",
        "CORES_FORCE",
        "CORES_DISABLE",
        "LIMITS_STRICT",
        "LIMITS_FIXED_CORES",
        "LIMITS_MANAGED",
        "LIMITS_YIELDS",
        "LIMITS_COPIES",
    ),
)
_FORMATS: Final = {"uint64_t": "Q", "int64_t": "q", "uint32_t": "I"}
_MEMBER: Final = re.compile(r"^    (?P<type>(?:struct )?\w+) (?P<names>[\w, /\[\]]+);", flags=re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct of the header, where the compiler put it; sizes in bytes."""

    struct: str
    name: str
    type: str
    offset: int
    size: int

    @property
    def format(self) -> str:
        """The format that the module `struct` reads it by; bytes where it is text or a struct."""
        letter = _FORMATS.get(self.type)
        if letter is None:
            return f"<{self.size}s"
        count = self.size // (4 if letter == "I" else 8)
        return f"<{count if count > 1 else ''}{letter}"


def abi_hash(fields: list[Field]) -> int:
    """FNV-1a 64 over one line "struct.field:offset:size" per field."""
    return fnv_1a_64("\n".join(f"{field.struct}.{field.name}:{field.offset}:{field.size}" for field in fields).encode())


def fnv_1a_64(text: bytes) -> int:
    """The hash of Fowler, Noll and Vo, variant 1a, of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in text:
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def probe(header: Path = HEADER) -> tuple[list[Field], dict[str, int]]:
    """Ask the compiler for fields and constants. Raises `subprocess.CalledProcessError` when the header does not compile."""
    members = list(_members(header.read_text()))
    lines = [f'FIELD({struct}, {name}, "{kind}");' for struct, kind, name in members]
    lines += [f'printf("constant {name} %llu\\n", (unsigned long long)HAMI_{name});' for name in _CONSTANTS]
    source = (
        f'#include <stddef.h>\n#include <stdio.h>\n#include "{header.name}"\n'
        '#define FIELD(s, f, t) printf("%s %s %zu %zu %s\\n", #s, #f, '
        "offsetof(struct hami_##s, f), sizeof(((struct hami_##s *)0)->f), t)\n"
        "int main(void)\n{\n" + "\n".join(lines) + "\nreturn 0;\n}\n"
    )
    rows = [line.split(maxsplit=4) for line in _run(source, header.parent).splitlines()]
    fields = [Field(row[0], row[1], row[4], int(row[2]), int(row[3])) for row in rows if row[0] != "constant"]
    return fields, {row[1]: int(row[2]) for row in rows if row[0] == "constant"}


def _members(header: str) -> Iterator[tuple[str, str, str]]:
    """Yield (struct, type, field) in order of declaration, reserved places left out."""
    for struct in _STRUCTS:
        body = re.search(rf"^struct hami_{struct} {{\n(.*?)^}}", header, flags=re.MULTILINE | re.DOTALL)
        if body is None:
            raise ValueError(f"{HEADER.name} has no struct hami_{struct}")
        for member in _MEMBER.finditer(body[1]):
            names = [name.partition("[")[0].strip() for name in member["names"].split(",")]
            yield from ((struct, member["type"], name) for name in names if not name.startswith("reserved"))


def _run(source: str, include: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path, program = Path(folder, "probe.c"), Path(folder, "probe")
        path.write_text(source)
        subprocess.run([os.environ.get("CC", "gcc"), "-std=c11", "-I", include, "-o", program, path], check=True)
        return subprocess.run([program], check=True, capture_output=True, text=True).stdout


def assertions(fields: list[Field]) -> str:
    """Return pages_abi.h: the hash, and what the compiler must find for it to hold."""
    lines = "".join(
        f"_Static_assert(offsetof(struct hami_{f.struct}, {f.name}) == {f.offset} && "
        f'sizeof(((struct hami_{f.struct} *)0)->{f.name}) == {f.size}, "{f.struct}.{f.name}");\n'
        for f in fields
    )
    return (
        "/* The layout of the pages as it was agreed on: a compiler that disagrees stops here.\n"
        " * Generated from native/include/hami_pages.h by `python -m native.generator.pages`; do not edit. */\n"
        "#ifndef HAMI_PAGES_ABI_H\n#define HAMI_PAGES_ABI_H\n\n#include <stddef.h>\n\n"
        f'#include "hami_pages.h"\n\n#define HAMI_PAGES_ABI_HASH UINT64_C({abi_hash(fields):#018x})\n\n{lines}\n#endif\n'
    )


def mirror(fields: list[Field], constants: dict[str, int]) -> str:
    """Return the text of dra_driver/shares/pages_layout.py."""
    lines = [
        '"""The pages of a share, as native/include/hami_pages.h defines them: generated by native.generator.pages.',
        "",
        "Each field is (offset in its struct, format for `struct`). Not here: what the fields mean; the header says it.",
        '"""',
        "",
        "from typing import Final",
        "",
        f"ABI_HASH: Final = 0x{abi_hash(fields):016X}",
        *(f"{name}: Final = {value}" for name, value in constants.items()),
    ]
    for struct in _STRUCTS:
        lines += ["", f"{struct.upper()}_FIELDS: Final[dict[str, tuple[int, str]]] = {{"]
        lines += [f'    "{f.name}": ({f.offset}, "{f.format}"),' for f in fields if f.struct == struct]
        lines += ["}"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the generated files, or with `--check` say which are not what the header gives (exit 1 if any)."""
    parser = argparse.ArgumentParser(prog="python -m native.generator.pages", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    check = parser.parse_args().check
    fields, constants = probe()
    files = {ASSERTIONS: assertions(fields), MIRROR: mirror(fields, constants)}
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(_REPOSITORY)} is stale; run python -m native.generator.pages", file=sys.stderr)
        else:
            path.write_text(files[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
