"""`hami-dra convert` case by case: what of a text changes and what does not, and what is said about what is wrong in it."""

import json
from itertools import pairwise

import pytest
import yaml

from catalog.errors import InvalidInputError
from tests.unit.manifest_texts import PLAIN, POD, REFUSED
from webhook.manifest_files.cards import fleet_of
from webhook.manifest_files.converting import Converted, Options, Verdict, converted
from webhook.manifest_files.pod_templates import KNOWN, with_paths

BOMB = "a: &a [1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefgh")
)


def of(text: str, options: Options | None = None) -> Converted:
    return converted(text, "file.yaml", options or Options())


def refusal(text: str) -> str:
    with pytest.raises(InvalidInputError) as caught:
        of(text)
    return str(caught.value)


def only_pod(text: str) -> dict[str, object]:
    spec: dict[str, object] = yaml.safe_load(of(text).text)["spec"]
    return spec


def with_resources(*lines: str) -> str:
    """The pod with these lines for its resources."""
    head = POD[: POD.index("    resources")]
    return head + "".join(f"    {line}\n" for line in lines)


# What of a text changes


def test_a_text_in_which_nothing_is_to_be_done_comes_back_as_it_is() -> None:
    odd = "\n\n#  only\n---\n\n" + PLAIN.replace("cpu: 1", "cpu:    '1'   # x\n") + "---\n...\n"
    assert of(odd).text == odd
    assert [finding.verdict for finding in of(odd).findings] == [Verdict.STAYS]


def test_lines_end_as_they_did() -> None:
    text = of(POD.replace("\n", "\r\n")).text
    assert text.replace("\r\n", "\n") == of(POD).text
    assert "\n" not in text.replace("\r\n", "")


def test_a_text_without_an_end_of_line_at_its_end_is_converted_too() -> None:
    assert of(POD.rstrip("\n")).text == of(POD).text.rstrip("\n")


def test_only_the_lines_of_legacy_resources_go() -> None:
    text = of(
        with_resources("resources:", "  limits:", "    cpu: 1 # one", "    nvidia.com/gpumem: 1000", "    # end")
    ).text
    gone = set(
        with_resources("resources:", "  limits:", "    cpu: 1 # one", "    nvidia.com/gpumem: 1000").splitlines()
    )
    assert gone - set(text.splitlines()) == {"        nvidia.com/gpumem: 1000"}
    assert "        # end\n" in text


def test_what_is_left_empty_of_the_resources_goes_too() -> None:
    text = of(with_resources("resources: {limits: {nvidia.com/gpu: 0}, requests: {nvidia.com/gpu: 0}}")).text
    assert "resources" not in text


def test_limits_in_brackets_stay_in_brackets() -> None:
    text = of(with_resources("resources: {limits: {nvidia.com/gpu: 1, cpu: 1, nvidia.com/gpumem: 1000}} # all")).text
    assert "    resources: {limits: {cpu: 1}, claims: [{name: hami, request: main}]} # all\n" in text


def test_a_list_is_indented_as_the_others_of_its_file() -> None:
    indented = POD.replace("  - name: main", "    - name: main").replace("    image", "      image")
    indented = indented.replace("    resources", "      resources").replace("      limits", "        limits")
    text = of(indented.replace("        nvidia", "          nvidia")).text
    assert "\n  resourceClaims:\n    - name: hami\n" in text


def test_annotations_that_are_null_or_empty_become_some() -> None:
    for form in ("annotations:", "annotations: {}", "annotations: null"):
        text = of(POD.replace("  name: p\n", f"  {form}\n  name: p\n")).text
        assert list(yaml.safe_load(text)["metadata"]["annotations"]) == ["hami.io/converted"]


def test_a_template_without_metadata_gets_some_before_its_spec() -> None:
    containers = POD[POD.index("  containers") :].replace("\n  ", "\n      ")
    text = of(f"kind: Job\nspec:\n  template:\n    spec:\n    {containers}")
    template = yaml.safe_load(text.text)["spec"]["template"]
    assert list(template) == ["metadata", "spec"]


def test_aliases_of_what_changes_are_written_out_and_others_stay() -> None:
    text = """\
kind: Pod
metadata: {name: p, labels: &labels {a: b}}
spec:
  nodeSelector: *labels
  containers:
  - {name: a, resources: &r {limits: {nvidia.com/gpumem: &mib 1000}}, env: [{name: MIB, value: *mib}]}
  - name: b
    resources: *r
"""
    with pytest.raises(InvalidInputError):
        yaml.safe_load(text) and of(text.replace("*r", "*s"))
    result = of(text.replace("&mib 1000", "&mib '1000'")).text
    assert "nodeSelector: *labels" in result
    spec = yaml.safe_load(result)["spec"]
    assert [c["resources"]["claims"][0]["request"] for c in spec["containers"]] == ["a", "b"]
    assert spec["containers"][0]["env"] == [{"name": "MIB", "value": "1000"}]


def test_an_alias_outside_of_pods_keeps_what_it_stood_for() -> None:
    text = POD.replace("      limits:", "      limits: &l") + "---\nkind: Note\n"
    listed = "kind: List\nitems:\n- " + POD.replace("\n", "\n  ").replace("      limits:", "      limits: &l").rstrip()
    result = yaml.safe_load(of(listed + "\n- kind: Note\n  data: *l\n").text)
    assert result["items"][1]["data"] == {"nvidia.com/gpumem": 1000}
    assert "&l" not in of(text).text


def test_merged_members_are_written_out_where_one_of_them_goes() -> None:
    spec = only_pod("x: &x {nvidia.com/gpumem: 1000, cpu: 2}\n" + POD.replace("nvidia.com/gpumem: 1000", "<<: *x"))
    assert spec["containers"][0]["resources"] == {"limits": {"cpu": 2}, "claims": [{"name": "hami", "request": "main"}]}  # type: ignore[index]


def test_json_stays_json() -> None:
    document = yaml.safe_load(POD)
    for indent in (None, 2, 4, "\t"):
        text = json.dumps(document, indent=indent)
        result = of(text).text
        assert json.loads(result)["spec"] == yaml.safe_load(of(POD).text)["spec"]
        assert ("\n" in result) == ("\n" in text)
        assert indent != "\t" or '\n\t\t"resourceClaims": [\n\t\t\t{\n' in result


def test_letters_beyond_ascii_stay() -> None:
    assert "# größer – 東京\n" in of("# größer – 東京\n" + POD).text
    escaped = json.dumps(yaml.safe_load(POD) | {"note": "\N{GRINNING FACE}"})
    assert '"note": "\\ud83d\\ude00"' in of(escaped).text


# What is converted


def test_an_unknown_kind_is_converted_by_the_users_word() -> None:
    document = yaml.safe_load(POD)
    custom = json.dumps(
        {"apiVersion": "example.org/v1", "kind": "Farm", "spec": {"pods": {"a": {"spec": document["spec"]}, "b": 3}}}
    )
    assert [finding.verdict for finding in of(custom).findings] == [Verdict.LEFT]
    told = of(custom, Options(paths=with_paths(KNOWN, ["Farm=spec.pods.*"]))).findings
    assert [(finding.verdict, finding.subject) for finding in told] == [
        (Verdict.CONVERTS, "Farm (without a name) (spec.pods.a)")
    ]


@pytest.mark.parametrize(
    "flag", ["", "Farm", "Farm=", "farm=spec", "Farm=spec..x", "Farm=spec.[*]", "Farm=a b", "F=a\n"]
)
def test_a_path_that_is_none_is_refused(flag: str) -> None:
    with pytest.raises(InvalidInputError, match="--template-path"):
        with_paths(KNOWN, [flag])


@pytest.mark.parametrize("text", ["", "80", "80GB", "-1GiB", "1.5GiB", "80GiB,,40GiB", "A=", "=80GiB"])
def test_cards_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="--cards"):
        fleet_of(text)


def test_cards_are_kinds_in_the_order_of_their_frequency() -> None:
    kinds = fleet_of("NVIDIA A10=23028MiB, 80GiB").kinds
    assert [(kind.product_name, kind.memory_mib) for kind in kinds] == [("NVIDIA A10", 23028), ("", 81920)]
    assert kinds[0].cards > kinds[1].cards


def test_each_namespace_gets_its_templates_once_and_without_the_label_of_those_that_are_collected() -> None:
    named = POD.replace("  name: p\n", "  name: p\n  namespace: a\n")
    templates = of("---\n".join([named, named, POD])).templates
    assert [template.namespace for template in templates] == ["a", ""]
    assert templates[0].manifest()["metadata"] == {"name": templates[0].template.name, "namespace": "a"}
    assert templates[1].manifest()["metadata"] == {"name": templates[0].template.name}


# What is wrong


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "file.yaml:"),
        ("a: 1\nb: *nothing\n", "file.yaml:2: not YAML (no anchor &nothing above *nothing)"),
        ("a: 1\nb: {{ .Values.x }}\n", "file.yaml:2: a key that is a list or a mapping; write a word, and render"),
        (POD + "---\nkind: Pod\nkind: Job\n", 'file.yaml:14: the key "kind" is there twice'),
        ("a: &a [*a]\n", "an alias of what it stands in"),
        ("[" * 100_000, "nested"),
        ("\x00", "not YAML"),
        ("? [a]\n: b\n", "a key that is a list"),
        ("a: 1\n<<: 3\n", "only mappings can be merged"),
        (BOMB, "more than 1000000"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("manifest", "line", "words"),
    [
        (REFUSED, 11, 'container "main": nvidia.com/gpumem: 4Gi'),
        (POD.replace("spec:", "spec:\n  nodeName: n"), 6, "spec.nodeName"),
        (POD.replace("  name: p", "  name: p\n  annotations:\n    a: 1"), 6, "annotation a: its value is not text"),
        (POD.replace("  name: p", "  name: p\n  annotations:\n    nvidia.com/vgpu-mode: no"), 6, "put it in quotes"),
        (POD.replace("  name: p", "  name: p\n  labels: {a: }"), 5, "label a: its value is not text"),
        (POD.replace("  - name: main", "  - name: 3"), 7, "Expected `str`"),
        (POD.replace("metadata:\n  name: p\n", "metadata: [a]\n"), 3, "metadata"),
    ],
)
def test_a_refusal_names_the_line_of_what_it_is_about(manifest: str, line: int, words: str) -> None:
    (finding,) = of(f"# first\n{manifest}").findings
    assert finding.verdict is Verdict.REFUSED
    assert finding.line == line + 1
    assert words in finding.reason
    assert of(f"# first\n{manifest}").text == f"# first\n{manifest}"


@pytest.mark.parametrize(
    "metadata", ["metadata:\n  name: p\n  labels: {version: 1.0}\n", "metadata: [a]\n", "metadata: text\n"]
)
def test_what_is_wrong_with_pods_without_cards_is_not_ours_to_say(metadata: str) -> None:
    changed = PLAIN.replace("metadata:\n  name: p\n", metadata)
    assert changed != PLAIN
    (finding,) = of(changed).findings
    assert finding.verdict is Verdict.STAYS


# Where results go
