"""The command: help names every subcommand, our errors become one line and exit code 1, only what is called is imported."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from catalog.errors import InvalidInputError
from cli.main import COMMANDS, main


def test_help_names_every_subcommand_with_its_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text and purpose[:20] in text for name, purpose in COMMANDS.items())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_subcommand_explains_its_options(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert "--" in capsys.readouterr().out


def test_an_error_is_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_arguments: object) -> int:
        raise InvalidInputError("cards.yaml: cards[1].memory is missing; write one")

    monkeypatch.setattr("cli.manifests.run", fail)
    assert main(["manifests", "--webhook-url", "https://a/mutate", "--ca-file", "ca.crt"]) == 1
    assert capsys.readouterr().err == "hami-dra manifests: cards.yaml: cards[1].memory is missing; write one\n"


def test_help_imports_no_heavy_library() -> None:
    probe = (
        "import sys, contextlib, io, cli.main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): cli.main.main(['driver', '--help'])\n"
        "print(sorted({'grpc', 'pynvml', 'aiohttp', 'yaml'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_a_limit_is_changed_without_what_takes_long_to_import(tmp_path: Path) -> None:
    probe = (
        "import sys, cli.main\n"
        f"code = cli.main.main(['limit', 'team/claim', '--cores', '20', '--kubelet-dir', {str(tmp_path)!r}])\n"
        "print(code, sorted({'asyncio', 'email', 'importlib.metadata', 'logging', 'ssl'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "1 []", "there is no checkpoint, and all was imported to look for it"


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"hami-dra {metadata.version('hami-dra')}\n"


@pytest.mark.parametrize("flags", [[], ["--hami-dra-class"]])
def test_the_class_of_hami_dra_is_there_for_those_who_ask(
    flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ca.crt").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    assert main(["manifests", "--webhook-url", "https://a/mutate", "--ca-file", str(tmp_path / "ca.crt"), *flags]) == 0
    manifests = yaml.safe_load_all(capsys.readouterr().out)
    classes = [each["metadata"]["name"] for each in manifests if each["kind"] == "DeviceClass"]
    ours = ["gpu.hami.io", "whole-gpu.hami.io", "mig.hami.io"]
    assert classes == [*ours, *(["hami-core-gpu.project-hami.io"] if flags else [])]
