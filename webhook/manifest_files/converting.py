"""One file of manifests: each pod and pod template in it converted as admission would convert the pod.

Pure. Not here: what conversion does (webhook.conversion.pod), how the text is changed (editing), and files (files).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import msgspec

from catalog.errors import HamiError, InvalidInputError
from catalog.names import WEBHOOK_LABEL
from webhook.conversion.fleet import UNKNOWN_FLEET, Fleet
from webhook.conversion.pod import Conversion, convert
from webhook.conversion.review import Pod
from webhook.conversion.rules import DEFAULT_RULES, Rules
from webhook.conversion.template import Template
from webhook.manifest_files.editing import edited
from webhook.manifest_files.lines import line_at, line_of_fault
from webhook.manifest_files.pod_templates import KNOWN, Paths, Place, objects_in, templates_in
from webhook.manifest_files.tree import Node, Tree, tree_of
from webhook.manifest_files.values import Value, value_of

_SECTIONS: Final = ("limits", "requests")


class Verdict(StrEnum):
    """What becomes of a pod or pod template, or of a file that cannot be read."""

    CONVERTS = "converts"
    STAYS = "stays"
    REFUSED = "refused"
    LEFT = "left to admission"
    """It asks for cards where no pod template is known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of what is told: about which object at which line, what becomes of it, and why."""

    line: int
    subject: str
    verdict: Verdict
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamespacedTemplate:
    """A template, and the namespace that its pods' manifest names; empty: the one that it is applied to."""

    namespace: str
    template: Template

    def manifest(self) -> dict[str, Any]:
        """Return the object to write.

        It has not the label of what admission writes: the webhook collects those that no pod needs any more, but this one stays
        for as long as the manifests beside it.
        """
        metadata: dict[str, Any] = {"name": self.template.name}
        if self.namespace:
            metadata["namespace"] = self.namespace
        return self.template.manifest() | {"metadata": metadata}


@dataclass(frozen=True, slots=True)
class Options:
    """What conversion is told beside the manifests."""

    rules: Rules = DEFAULT_RULES
    fleet: Fleet = UNKNOWN_FLEET
    paths: Paths = field(default_factory=lambda: KNOWN)


@dataclass(frozen=True, slots=True)
class Converted:
    """A file after conversion: its text, the templates that it needs, and what there is to tell."""

    text: str
    templates: tuple[NamespacedTemplate, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Decision:
    """What becomes of one template: a finding, and a conversion if there is something to do."""

    place: Place
    namespace: str
    finding: Finding
    conversion: Conversion | None = None


def converted(text: str, where: str, options: Options) -> Converted:
    """Return a file's text after conversion; what is refused stays as it is.

    Raises `InvalidInputError`, naming `where` and the line, if the text is not YAML or cannot be changed in place.
    """
    try:
        return _converted(text, where, options)
    except RecursionError as error:
        raise InvalidInputError(f"{where}: nested too deeply to be read") from error


def _converted(text: str, where: str, options: Options) -> Converted:
    is_open = not text.endswith("\n")  # the last line has no end, and gets one for as long as lines are cut
    tree = tree_of(f"{text}\n" if is_open else text, where)
    decisions = {index: list(_decisions(tree, index, where, options)) for index in range(len(tree.documents))}
    patches = {index: [*_patch(decided)] for index, decided in decisions.items()}
    changed = {index: patch for index, patch in patches.items() if patch}
    try:
        new_text = edited(tree, changed) if changed else tree.text
    except InvalidInputError as error:
        raise _at(where, error) from error
    all_decisions = [decision for decided in decisions.values() for decision in decided]
    return Converted(
        new_text[:-1] if is_open else new_text,
        _templates(all_decisions),
        tuple(decision.finding for decision in all_decisions),
    )


def _decisions(tree: Tree, index: int, where: str, options: Options) -> Iterator[_Decision]:
    root = tree.documents[index]
    try:
        document = value_of(root)
    except InvalidInputError as error:
        raise _at(where, error) from error
    for place in objects_in(document):
        templates = list(templates_in(place, options.paths))
        for template in templates:
            yield _decide(root, place, template, options)
        yield from _left(root, place, [template.steps for template in templates], options.rules)


def _at(where: str, error: InvalidInputError) -> InvalidInputError:
    """Return an error with its place as editors know it: `file:line:`."""
    return InvalidInputError(
        f"{where}:{str(error).removeprefix('line ')}" if str(error).startswith("line ") else f"{where}: {error}"
    )


def _decide(root: Node, place: Place, template: Place, options: Options) -> _Decision:
    subject, namespace = _subject(place, template), _namespace(place)
    line, names = line_at(root, template.steps), options.rules.names.all()
    try:
        is_legacy = any(_askings(template.value, (), names))  # what else is wrong with other pods is not ours to say
        conversion = convert(_pod(template.value), options.rules, options.fleet) if is_legacy else None
    except HamiError as error:
        at = line_of_fault(root, template, str(error), names)
        return _Decision(template, namespace, Finding(at, subject, Verdict.REFUSED, str(error)))
    if conversion is None:
        return _Decision(template, namespace, Finding(line, subject, Verdict.STAYS, _why_not(template)))
    reason = (
        f"claim template {conversion.template.name}" if conversion.template else "it asks for no card; the resources go"
    )
    finding = Finding(line, subject, Verdict.CONVERTS, reason, conversion.warnings)
    return _Decision(template, namespace, finding, conversion)


def _pod(template: Mapping[str, Value]) -> Pod:
    """Return what conversion reads of a template. Raises `InvalidInputError` naming the field."""
    content = {"metadata": template.get("metadata") or {}, "spec": template["spec"]}
    _refuse_no_text(content["metadata"])
    try:
        return msgspec.json.decode(msgspec.json.encode(content), type=Pod)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"{error}; Kubernetes would refuse it as well: mend the field") from error


def _refuse_no_text(metadata: Value) -> None:
    """YAML reads true, 1 and nothing as what they look like, where Kubernetes wants text."""
    for member, word in (("annotations", "annotation"), ("labels", "label")):
        members = metadata.get(member) if isinstance(metadata, Mapping) else None
        for name, value in members.items() if isinstance(members, Mapping) else ():
            if not isinstance(value, str):
                raise InvalidInputError(f"{word} {name[:253]}: its value is not text; put it in quotes")


def _why_not(template: Place) -> str:
    metadata = template.value.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    opted_out = isinstance(labels, Mapping) and labels.get(WEBHOOK_LABEL) == "ignore"
    return f"label {WEBHOOK_LABEL}: ignore" if opted_out else "it names none of the resources that are converted"


def _patch(decisions: Iterable[_Decision]) -> Iterator[dict[str, Any]]:
    for decision in decisions:
        if decision.conversion is None:
            continue
        prefix = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in decision.place.steps)
        if not isinstance(decision.place.value.get("metadata"), Mapping):
            yield {"op": "add", "path": f"{prefix}/metadata", "value": {}}
        for operation in decision.conversion.patch:
            yield operation | {"path": prefix + operation["path"]}


def _templates(decisions: Iterable[_Decision]) -> tuple[NamespacedTemplate, ...]:
    found = {
        (decision.namespace, template.name): NamespacedTemplate(decision.namespace, template)
        for decision in decisions
        if decision.conversion and (template := decision.conversion.template)
    }
    return tuple(found.values())


def _left(root: Node, place: Place, handled: Sequence[tuple[str, ...]], rules: Rules) -> Iterator[_Decision]:
    """Yield what asks for cards outside of all templates that are known."""
    names = rules.names.all()
    for steps, name in _askings(place.value, place.steps, names):
        if any(steps[: len(known)] == known for known in handled):
            continue
        path = ".".join(steps[len(place.steps) :])
        reason = f"{path} names {name}, and no pod template is known there; name it with --template-path"
        finding = Finding(line_at(root, steps), _subject(place), Verdict.LEFT, reason)
        yield _Decision(place, _namespace(place), finding)


def _askings(value: Value, steps: tuple[str, ...], names: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the limits and requests below a value that name one of these resources."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _askings(item, (*steps, str(index)), names)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            found = [name for name in names if name in member] if isinstance(member, Mapping) else []
            if key in _SECTIONS and found:
                yield (*steps, key), found[0]
            else:
                yield from _askings(member, (*steps, key), names)


def _subject(place: Place, template: Place | None = None) -> str:
    metadata = place.value.get("metadata")
    name = metadata.get("name") or metadata.get("generateName") if isinstance(metadata, Mapping) else None
    namespace = _namespace(place)
    path = ".".join(template.steps[len(place.steps) :]) if template else ""
    several = f" ({path})" if path and path not in ("spec.template", "spec.jobTemplate.spec.template") else ""
    return f"{place.value['kind']} {namespace}{'/' if namespace else ''}{name or '(without a name)'}{several}"


def _namespace(place: Place) -> str:
    metadata = place.value.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    return namespace if isinstance(namespace, str) else ""
