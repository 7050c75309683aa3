"""The corpus: manifests as HAMi's users write them, each with what `hami-dra convert` makes of it as a golden file.

A manifest's first line may hold the flags that it is converted with, after `# $`; configurations stand in tests/corpus/config.
"""

import shlex
from pathlib import Path

import pytest

from cli.main import main
from tests.conftest import Golden

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted(path.name for path in CORPUS.iterdir() if path.is_file())
FLAGS = "# $ "


def flags_of(text: str) -> list[str]:
    first = text.partition("\n")[0]
    return shlex.split(first.removeprefix(FLAGS)) if first.startswith(FLAGS) else []


def converted(name: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    """Exit code, output and messages of the command on a file of the corpus."""
    path = CORPUS / name
    code = main(["convert", "-f", str(path), *flags_of(path.read_text()), *more])
    output, messages = capsys.readouterr()
    return code, output, messages.replace(f"{CORPUS}/", "")


@pytest.fixture(autouse=True)
def in_the_folder_of_configurations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS / "config")


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES)
def test_each_manifest_becomes_what_was_reviewed(name: str, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = converted(name, capsys, "--check")
    done, output, _ = converted(name, capsys)
    assert (done, output == "") == ((1, True) if code == 1 else (0, False))
    report = "".join(f"#: {line}\n" for line in told.replace(f"{CORPUS}/", "").splitlines())
    golden(f"corpus/{name}", f"{report}#: exit code of --check: {code}\n{output}")


@pytest.mark.parametrize("name", FILES)
def test_what_was_converted_is_found_converted(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, output, _ = converted(name, capsys)
    again = tmp_path / "again.yaml"
    again.write_text(output)
    if code == 0:
        flags = flags_of((CORPUS / name).read_text())
        assert main(["convert", "-f", str(again), *flags, "--check"]) == 0
        assert main(["convert", "-f", str(again), *flags]) == 0
        assert capsys.readouterr().out.endswith(output)


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".json")])
def test_every_line_that_is_a_comment_survives(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, output, _ = converted(name, capsys)
    comments = [line for line in (CORPUS / name).read_text().splitlines() if line.lstrip().startswith("#")]
    assert code == 1 or [line for line in output.splitlines() if line.lstrip().startswith("#")] == comments
