"""`hami-dra convert` on files and folders: where results go, what is never written over, and what is said about what cannot be read."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from cli.main import main
from tests.unit.manifest_texts import PLAIN, POD, REFUSED
from webhook.manifest_files.files import TEMPLATES_FILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three manifests and two files that are none, one of them hidden."""
    source = tmp_path / "source"
    for name, text in {
        "a.yaml": POD,
        "b/c.yml": POD.replace("name: p", "name: q"),
        "b/d.json": json.dumps(yaml.safe_load(PLAIN)),
        "notes.txt": "nvidia.com/gpu",
        ".git/x.yaml": "a: [",
    }.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return source


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_another_folder_gets_all_files_and_the_templates(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    assert main(["convert", "-f", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert contents(folder) == before
    written = contents(tmp_path / "out")
    assert set(written) == {"a.yaml", "b/c.yml", "b/d.json", TEMPLATES_FILE}
    assert written["b/d.json"] == before["b/d.json"]
    assert written[TEMPLATES_FILE].count("kind: ResourceClaimTemplate") == 1
    again = dict(written)
    assert main(["convert", "-f", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert contents(tmp_path / "out") == again


def test_an_output_folder_within_the_source_is_no_source(folder: Path) -> None:
    for _ in range(2):
        assert main(["convert", "-f", str(folder), "-o", str(folder / "out")]) == 0
    assert sorted(contents(folder / "out")) == ["a.yaml", "b/c.yml", "b/d.json", TEMPLATES_FILE]


def test_in_place_each_folder_gets_its_templates_and_a_second_run_changes_nothing(folder: Path) -> None:
    (folder / "a.yaml").chmod(0o600)
    assert main(["convert", "-f", str(folder), "--in-place"]) == 0
    written = contents(folder)
    assert {name for name in written if name.endswith(TEMPLATES_FILE)} == {TEMPLATES_FILE, f"b/{TEMPLATES_FILE}"}
    assert (folder / "a.yaml").stat().st_mode & 0o777 == 0o600
    assert main(["convert", "-f", str(folder), "--in-place"]) == 0
    assert main(["convert", "-f", str(folder), "--check"]) == 0
    assert contents(folder) == written


def test_later_templates_are_added_to_those_that_are_there(folder: Path) -> None:
    assert main(["convert", "-f", str(folder), "--in-place"]) == 0
    first = (folder / TEMPLATES_FILE).read_text()
    (folder / "e.yaml").write_text(POD.replace("1000", "2000"))
    assert main(["convert", "-f", str(folder), "--in-place"]) == 0
    assert (folder / TEMPLATES_FILE).read_text().startswith(first)
    assert (folder / TEMPLATES_FILE).read_text().count("kind: ResourceClaimTemplate") == 2


def test_a_file_in_the_place_of_the_templates_is_not_touched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / TEMPLATES_FILE).write_text("kind: ConfigMap\n")
    before = contents(folder)
    assert main(["convert", "-f", str(folder), "--in-place"]) == 1
    assert "holds other things" in capsys.readouterr().err
    assert contents(folder) == before


def test_one_refusal_and_nothing_is_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.yaml").write_text(REFUSED)
    (folder / "worse.yaml").write_text("a: [")
    before = contents(folder)
    for where in (["-o", str(tmp_path / "out")], ["--in-place"], []):
        assert main(["convert", "-f", str(folder), *where]) == 1
        output, messages = capsys.readouterr()
        assert output == ""
        assert f"{folder}/bad.yaml:11: Pod p: refused: " in messages
        assert f"{folder}/worse.yaml:" in messages
    assert contents(folder) == before
    assert not (tmp_path / "out").exists()


def test_the_source_is_never_written_over_but_in_place(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to(folder)
    for target in (folder, tmp_path / "link"):
        assert main(["convert", "-f", str(folder), "-o", str(target)]) == 1
        assert "is a source" in capsys.readouterr().err
    assert main(["convert", "-f", str(folder / "a.yaml"), "-f", str(folder), "-o", str(tmp_path / "out")]) == 1
    assert "would both go to" in capsys.readouterr().err


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for more, code in ([], 0), (["--check"], 3), (["--in-place"], 1), (["-o", "/nowhere"], 1):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(POD.encode())))
        assert main(["convert", "-f", "-", *more]) == code
        output, messages = capsys.readouterr()
        assert "Traceback" not in messages
        if not more:
            kinds = [document["kind"] for document in yaml.safe_load_all(output)]
            assert kinds == ["ResourceClaimTemplate", "Pod"]


def test_several_files_are_one_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        "1.yaml": POD,
        "2.json": json.dumps(yaml.safe_load(POD)),
        "3.yaml": f"%YAML 1.1\n---\n{PLAIN}",
        "4.yaml": "# none\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert main(["convert", "-f", str(tmp_path)]) == 0
    kinds = [document["kind"] for document in yaml.safe_load_all(capsys.readouterr().out) if document]
    assert kinds == ["ResourceClaimTemplate", "Pod", "Pod", "Pod"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe", "not UTF-8"), (None, "No such file"), (b"\xef\xbb\xbfa: [", "not YAML")],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.yaml"
    if content is not None:
        path.write_bytes(content)
    assert main(["convert", "-f", str(path)]) == 1
    messages = capsys.readouterr().err
    assert str(path) in messages
    assert words in messages


def test_a_folder_without_manifests_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "-f", str(tmp_path)]) == 1
    assert ".yaml, .yml, .json" in capsys.readouterr().err


def test_a_name_from_a_file_cannot_pass_for_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(POD.replace("name: p", 'name: "p\\n\\e[31mall is well"'))
    main(["convert", "-f", str(path), "--check"])
    assert "p\\x0a\\x1b[31mall is well" in capsys.readouterr().out
