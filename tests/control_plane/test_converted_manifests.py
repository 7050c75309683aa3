"""Each manifest of the corpus, admitted by the real API server as it is, and as `hami-dra convert` leaves it: the same pods and templates.

Left out are those whose conversion asks for flags, since the webhook here has neither configuration nor their cards.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from catalog.errors import UnavailableError
from tests.cluster.namespace import Namespace
from tests.unit.test_corpus import CORPUS, FLAGS
from webhook.manifest_files.converting import Finding, NamespacedTemplate, Options, Verdict, converted
from webhook.manifest_files.pod_templates import KNOWN, objects_in, templates_in

pytestmark = pytest.mark.control_plane

Object = dict[str, Any]

LEFT_OUT = {
    "percentage-unknown.yaml": "what becomes of it depends on what the webhook knows of the cluster's cards",
    "privileged.yaml": "the API server here allows no privileged containers",
}
OF_THE_SERVER = ("is not text", "mend the field")
"""The API server itself refuses it, before any webhook sees it."""


@dataclass(frozen=True)
class Pair:
    """A pod before and after conversion, and what was found about it."""

    name: str
    before: Object
    after: Object
    finding: Finding


def read(text: str) -> list[Object]:
    """The documents of a manifest, with numbers in the place of text as Kubernetes reads them."""
    return [document for document in yaml.safe_load_all(text) if document]


def pods(documents: list[Object]) -> Iterator[Object]:
    for document in documents:
        for place in objects_in(document):
            yield from (deepcopy(dict(template.value)) for template in templates_in(place, KNOWN))


def as_pod(name: str, template: Object) -> Object:
    """A pod as a controller makes it, without the token whose volume has another name each time."""
    metadata = {key: (template.get("metadata") or {}).get(key) or {} for key in ("labels", "annotations")}
    spec = template["spec"] | {"automountServiceAccountToken": False}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **metadata}, "spec": spec}


def pairs() -> tuple[list[Pair], list[NamespacedTemplate]]:
    found: list[Pair] = []
    templates: list[NamespacedTemplate] = []
    for path in sorted(CORPUS.iterdir()):
        text = path.read_text() if path.is_file() else FLAGS
        if text.startswith(FLAGS) or path.name in LEFT_OUT:
            continue
        result = converted(text, path.name, Options())
        findings = [finding for finding in result.findings if finding.verdict is not Verdict.LEFT]
        stem = path.name.replace(".", "-")
        for number, (before, after, finding) in enumerate(
            zip(pods(read(text)), pods(read(result.text)), findings, strict=True)
        ):
            found.append(Pair(f"{stem}-{number}", before, after, finding))
        templates += result.templates
    return found, templates


def shown(pod: Object) -> Object:
    """What is compared of a stored pod."""
    metadata = pod["metadata"]
    return {"spec": pod["spec"], "labels": metadata.get("labels"), "annotations": metadata.get("annotations")}


def created(namespace: Namespace, prefix: str, items: dict[str, Object]) -> dict[str, Object]:
    """Create pods, each named so and as it is named here, and return what is stored."""
    pods = [as_pod(f"{prefix}-{name}", template) for name, template in items.items()]
    namespace.kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
    stored = {pod["metadata"]["name"]: shown(pod) for pod in namespace.objects("pods")}
    return {name: stored[f"{prefix}-{name}"] for name in items}


def test_manifests_are_converted_as_their_pods_are_admitted(namespace: Namespace) -> None:
    found, templates = pairs()
    admitted = [pair for pair in found if pair.finding.verdict is not Verdict.REFUSED]
    assert len(admitted) > 40
    stored = created(namespace, "before", {pair.name: pair.before for pair in admitted})
    held = {each["metadata"]["name"]: each["spec"]["spec"] for each in namespace.objects("resourceclaimtemplates")}
    assert held == {each.template.name: json.loads(json.dumps(each.template.spec)) for each in templates}
    assert created(namespace, "after", {pair.name: pair.after for pair in admitted}) == stored


def test_manifests_are_refused_as_their_pods_are(namespace: Namespace) -> None:
    refused = [pair for pair in pairs()[0] if pair.finding.verdict is Verdict.REFUSED]
    assert len(refused) >= 8
    for pair in refused:
        with pytest.raises(UnavailableError) as caught:
            created(namespace, "before", {pair.name: pair.before})
        reason = pair.finding.reason.replace("0.5", "500m")  # as the API server writes it
        assert reason in str(caught.value) or any(word in reason for word in OF_THE_SERVER)
    assert namespace.objects("pods") == []
