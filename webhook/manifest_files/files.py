"""Manifests read from files, folders and standard input, and written where they are wanted: all of them, or nothing at all.

Not here: what happens to a manifest (converting), and what is told about it (report).
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from catalog.errors import ConflictError, InvalidInputError, UnavailableError
from cdi.durable import write_file
from webhook.manifest_files.converting import NamespacedTemplate
from webhook.manifest_files.tree import tree_of
from webhook.manifest_files.values import at, value_of

STDIN: Final = "-"
TEMPLATES_FILE: Final = "hami-claim-templates.yaml"
SUFFIXES: Final = (".yaml", ".yml", ".json")
MAX_BYTES: Final = 64 * 2**20

_HEADER: Final = (
    "# Written by hami-dra convert: what the converted manifests in this folder refer to. Apply it with them.\n"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and where it is from."""

    text: str
    where: str
    """The file as the user names it; `stdin`."""
    path: Path | None = None
    """None: standard input."""
    below: Path = Path()
    """Where it stands below the file or folder that was named."""


def read_sources(names: Iterable[str], output: Path | None = None) -> Iterator[Source]:
    """Yield what is named: files, folders with all below them that ends like a manifest, standard input.

    What an earlier run wrote to the folder `output` is not read again as a part of a folder around it.
    Raises `InvalidInputError` naming what cannot be read.
    """
    for name in dict.fromkeys(names):
        if name == STDIN:
            yield Source(_decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin"), "stdin")
            continue
        path = Path(name)
        if not path.is_dir():
            yield _source(path, Path(path.name))
            continue
        written = output.resolve() if output and path.resolve() in output.resolve().parents else None
        files = [
            file
            for file in sorted(path.rglob("*"))
            if file.suffix in SUFFIXES
            and _is_shown(file.relative_to(path))
            and (written is None or written not in file.resolve().parents)
        ]
        if not files:
            raise InvalidInputError(f"{name}: no file in it ends with {', '.join(SUFFIXES)}; name the files")
        for file in files:
            yield _source(file, file.relative_to(path))


def _is_shown(path: Path) -> bool:
    return not any(part.startswith(".") for part in path.parts)


def _source(path: Path, below: Path) -> Source:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with a NUL
        raise InvalidInputError(
            f"{path}: {getattr(error, 'strerror', None) or error}; name files, folders or -"
        ) from error
    return Source(_decoded(content, str(path)), str(path), path, below)


def _decoded(content: bytes, where: str) -> str:
    if len(content) > MAX_BYTES:
        raise InvalidInputError(f"{where}: more than {MAX_BYTES // 2**20} MiB; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{where}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def joined(texts: Sequence[str], templates: Sequence[NamespacedTemplate]) -> str:
    """Return one stream of documents: the templates first, so that they are there before the pods."""
    parts: list[str] = [templates_text(templates)] if templates else []
    for text in (text for text in texts if text.strip()):
        if parts and text.startswith("%"):
            parts.append("...\n")
        elif parts and not text.startswith("---"):
            parts.append("---\n")
        parts.append(text if text.endswith("\n") else f"{text}\n")
    return "".join(parts)


def templates_text(templates: Sequence[NamespacedTemplate]) -> str:
    """Return templates as YAML documents."""
    return "---\n".join(
        yaml.safe_dump(template.manifest(), sort_keys=False, width=1000, allow_unicode=True) for template in templates
    )


def folder_targets(sources: Sequence[Source], folder: Path) -> list[Path]:
    """Return where each source goes below a folder. Raises `InvalidInputError` where a name is taken."""
    targets: dict[Path, str] = {}
    for source in sources:
        if source.path is None:
            raise InvalidInputError(
                "-o: standard input has no name to be written under; leave -o out and redirect the output"
            )
        target = folder / source.below
        if target.resolve() in {other.path.resolve() for other in sources if other.path}:
            raise InvalidInputError(f"-o {folder}: {target} is a source; name another folder, or say --in-place")
        if target in targets:
            raise InvalidInputError(
                f"{source.where} and {targets[target]} would both go to {target}; convert them one by one"
            )
        targets[target] = source.where
    return list(targets)


def write_texts(texts: Iterable[tuple[Path, str]]) -> None:
    """Write files, each whole; the mode of one that is there stays. Raises `UnavailableError` naming the file."""
    for path, text in texts:
        try:
            target = path.resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            write_file(target, text.encode(), mode)
        except OSError as error:
            raise UnavailableError(f"{path}: {error.strerror}; nothing after it was written") from error


def with_templates(folder: Path, templates: Sequence[NamespacedTemplate]) -> tuple[Path, str] | None:
    """Return the file of a folder's templates as it is to be: what is in it stays, and what is not in it is added.

    None: there is nothing to add. Raises `ConflictError` if what is there is not of ours.
    """
    path = folder / TEMPLATES_FILE
    present = _source(path, Path(path.name)).text if path.exists() else ""
    held = _held(present, path)
    missing = [each for each in templates if (each.namespace, each.template.name) not in held]
    if not missing:
        return None
    start = present if present.endswith("\n") or not present else f"{present}\n"
    return path, f"{start}---\n{templates_text(missing)}" if start else f"{_HEADER}{templates_text(missing)}"


def _held(text: str, path: Path) -> set[tuple[str, str]]:
    documents = [value_of(root) for root in tree_of(text, str(path)).documents]
    if any(at(document, ["kind"]) != "ResourceClaimTemplate" for document in documents):
        raise ConflictError(f"{path} holds other things than claim templates; move it away")
    return {(at(each, ["metadata", "namespace"]) or "", at(each, ["metadata", "name"]) or "") for each in documents}
