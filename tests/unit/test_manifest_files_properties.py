"""Laws of `hami-dra convert` over generated manifests and over corpus files that were damaged at random.

A converted text says what the JSON patch of admission says; every line of it that had not to change is there, comments above all; a
second run changes nothing; and whatever the text is, it is converted or refused in words.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpatch
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from tests.unit.test_conversion_properties import Case, cases
from tests.unit.webhook_pods import Object, converted
from webhook.conversion.pod import Conversion
from webhook.manifest_files.converting import Options, Verdict
from webhook.manifest_files.converting import converted as converted_text

CORPUS = [path.read_text() for path in sorted((Path(__file__).parent.parent / "corpus").iterdir()) if path.is_file()]
MAY_CHANGE = (
    "nvidia.com/",
    "hami.io/",
    "limits",
    "requests",
    "resources",
    "annotations",
    "claims",
    "resourceClaims",
    "priority",
)
"""What a line that may change has in it; and lines with a mapping in brackets, which gets its new members there."""
EXAMPLES = 80
"""Each is a whole manifest that is read, written and read again."""


class _Written(yaml.SafeDumper):
    """As PyYAML writes, without aliases of its own."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def law(
    *arguments: st.SearchStrategy[Any], examples: int = EXAMPLES
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    patient = settings(deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    return lambda test: patient(given(*arguments)(test))


@st.composite
def texts(draw: st.DrawFn, manifest: Object) -> str:
    """A manifest as people and tools write it: JSON or YAML, in brackets or lines, with comments and empty lines between."""
    if draw(st.booleans()):
        return json.dumps(manifest, indent=draw(st.sampled_from([None, 1, 2, 4, "\t"])))
    flow = draw(st.sampled_from([False, None]))
    quoted = draw(st.sampled_from([None, "'", '"']))
    text = yaml.dump(
        manifest, Dumper=_Written, default_flow_style=flow, sort_keys=False, indent=draw(st.sampled_from([2, 4])),
        default_style=quoted, width=10_000,
    )  # fmt: skip
    lines = []
    for number, line in enumerate(text.splitlines()):
        space = " " * draw(st.integers(0, 6))
        lines += draw(st.sampled_from([[], [], [f"{space}# remark {number}"], [""]]))
        lines.append(line + draw(st.sampled_from(["", "", " # beside"])))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end]))


manifests = cases().flatmap(lambda case: st.tuples(st.just(case), texts(in_place(case))))


def in_place(case: Case) -> Object:
    """The pod, in a Deployment."""
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 1, "template": case.manifest}}


def pruned(value: Any) -> Any:  # noqa: ANN401  any part of a manifest
    """The same without what says nothing: empty limits, requests and resources."""
    if isinstance(value, dict):
        members = {name: pruned(member) for name, member in value.items()}
        return {n: m for n, m in members.items() if m or n not in ("limits", "requests", "resources")}
    return [pruned(item) for item in value] if isinstance(value, list) else value


@law(manifests)
def test_a_text_says_afterwards_what_admission_makes_of_the_pod(made: tuple[Case, str]) -> None:
    case, text = made
    result = converted_text(text, "f", Options())
    conversion, refusal = outcome(case.manifest)
    if refusal:
        assert [(each.verdict, each.reason) for each in result.findings] == [(Verdict.REFUSED, refusal)]
        return
    assert conversion is not None
    patched = jsonpatch.JsonPatch(json.loads(json.dumps(conversion.patch))).apply(deepcopy(case.manifest))
    assert pruned(read(result.text)["spec"]["template"]) == pruned(patched)
    assert [each.template for each in result.templates] == ([conversion.template] if conversion.template else [])


def outcome(manifest: Object) -> tuple[Conversion | None, str]:
    """What admission makes of a pod, or why it refuses it."""
    try:
        return converted(manifest), ""
    except InvalidInputError as error:
        return None, str(error)


def read(text: str) -> Any:  # noqa: ANN401  any manifest
    return json.loads(text) if text.startswith("{") else yaml.safe_load(text)


@law(manifests)
def test_a_second_run_changes_nothing(made: tuple[Case, str]) -> None:
    once = converted_text(made[1], "f", Options())
    again = converted_text(once.text, "f", Options())
    assert again.text == once.text
    assert all(finding.verdict is not Verdict.CONVERTS for finding in again.findings)


@law(manifests)
def test_lines_that_need_not_change_stay_in_their_order_with_their_comments(made: tuple[Case, str]) -> None:
    text = made[1]
    if text.startswith("{"):
        return
    left = iter(converted_text(text, "f", Options()).text.splitlines())
    kept = [line for line in text.splitlines() if not any(word in line.partition(" #")[0] for word in MAY_CHANGE)]
    assert all(any(line == other for other in left) for line in kept if line.strip() and "{" not in line)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A file of the corpus with lines lost, doubled and swapped, and characters put in."""
    lines = draw(st.sampled_from(CORPUS)).splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 6))):
        if not lines:
            break
        place = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[place]
            case 1:
                lines.insert(other, lines[place])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case 3:
                lines[place] = draw(st.sampled_from(["  ", "- ", "\t", "? "])) + lines[place]
            case _:
                at = draw(st.integers(0, len(lines[place])))
                what = draw(
                    st.sampled_from([*":-[]{},&*!|>'\"#%@`?\\\r\x00\ufeff\u2028", "&a ", "*a", "<<: *a", "~", "é", ""])
                )
                lines[place] = lines[place][:at] + what + lines[place][at + draw(st.integers(0, 1)) :]
    return "".join(lines)


@law(damaged() | st.text(max_size=200), examples=400)
def test_whatever_a_text_is_it_is_converted_or_refused_in_words(text: str) -> None:
    try:
        result = converted_text(text, "f", Options())
    except InvalidInputError as error:
        words = str(error)
    else:
        words = "f:"
        assert converted_text(result.text, "f", Options()).text == result.text
    assert words.startswith("f:")
