"""A run of `hami-dra convert`: read all, convert all, tell, and write all or nothing.

Not here: flags (cli.convert), and each of the steps.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import HamiError, InvalidInputError
from webhook.manifest_files import files, report
from webhook.manifest_files.converting import Converted, Finding, NamespacedTemplate, Options, Verdict, converted
from webhook.manifest_files.files import Source

DONE: Final = 0
NOT_DONE: Final = 1
WOULD_CHANGE: Final = 3
"""With `--check` alone; 2 is argparse's, for wrong usage."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the result goes; neither a folder nor in place: to standard output."""

    folder: Path | None = None
    in_place: bool = False
    check: bool = False
    """Nowhere: only tell."""


@dataclass(frozen=True, slots=True)
class _Result:
    source: Source
    converted: Converted


def run(names: Sequence[str], options: Options, destination: Destination) -> int:
    """Convert what is named and return the exit code. Raises `HamiError` for what cannot be read or written."""
    results, faults = _results(files.read_sources(names, destination.folder), options)
    findings = [finding for result in results for finding in result.converted.findings]
    for result in results:
        shown = result.converted.findings if destination.check else list(filter(_is_news, result.converted.findings))
        for line in report.lines(result.source.where, shown):
            print(line, file=sys.stdout if destination.check else sys.stderr)
    for fault in faults:
        print(report.one_line(f"hami-dra convert: {fault}"), file=sys.stderr)
    has_failed = bool(faults) or any(finding.verdict is Verdict.REFUSED for finding in findings)
    if destination.check:
        print(report.summary(findings))
        would_change = any(finding.verdict is Verdict.CONVERTS for finding in findings)
        return NOT_DONE if has_failed else WOULD_CHANGE if would_change else DONE
    if has_failed:
        print(f"hami-dra convert: nothing was written ({report.summary(findings)})", file=sys.stderr)
        return NOT_DONE
    _write(results, destination)
    return DONE


def _results(sources: Iterable[Source], options: Options) -> tuple[list[_Result], list[HamiError]]:
    """Return what could be read and converted, and why the rest could not: one run tells all."""
    results, faults = [], []
    for source in sources:
        try:
            results.append(_Result(source, converted(source.text, source.where, options)))
        except HamiError as error:
            faults.append(error)
    return results, faults


def _is_news(finding: Finding) -> bool:
    """Whether a finding is told beside the manifests: not what went as it should."""
    return finding.verdict in (Verdict.REFUSED, Verdict.LEFT) or bool(finding.warnings)


def _write(results: Sequence[_Result], destination: Destination) -> None:
    if destination.in_place:
        _write_in_place(results)
    elif destination.folder is not None:
        targets = files.folder_targets([result.source for result in results], destination.folder)
        texts = list(zip(targets, (result.converted.text for result in results), strict=True))
        added = files.with_templates(destination.folder, _templates(results))
        files.write_texts([*([added] if added else []), *texts])
    else:
        sys.stdout.write(files.joined([result.converted.text for result in results], _templates(results)))


def _write_in_place(results: Sequence[_Result]) -> None:
    """Write what changed, and in each folder the templates that its files refer to: the templates first."""
    by_folder: dict[Path, list[_Result]] = {}
    for result in results:
        if result.source.path is None:
            raise InvalidInputError("--in-place: standard input is no place; name files or folders")
        by_folder.setdefault(result.source.path.parent, []).append(result)
    added = [files.with_templates(folder, _templates(inside)) for folder, inside in by_folder.items()]
    changed = [
        (result.source.path, result.converted.text)
        for result in results
        if result.source.path and result.converted.text != result.source.text
    ]
    files.write_texts([*filter(None, added), *changed])


def _templates(results: Iterable[_Result]) -> list[NamespacedTemplate]:
    """Each once."""
    found = {(each.namespace, each.template.name): each for result in results for each in result.converted.templates}
    return list(found.values())
