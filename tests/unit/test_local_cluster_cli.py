"""hack/cluster as a command: help, arguments that belong to kubectl, exit statuses, one message and no traceback."""

import os
import signal
from collections.abc import Iterator
from typing import NoReturn

import pytest

from catalog.errors import ConflictError
from hack.local_cluster import cli
from hack.local_cluster.cluster import Cluster
from hack.local_cluster.interrupts import INTERRUPTS
from hack.local_cluster.lifecycle import Lifecycle


@pytest.fixture(autouse=True)
def restored_signals() -> Iterator[None]:
    """None is ignored, as they are where the tests were started in the background."""
    earlier = {number: signal.signal(number, signal.SIG_DFL) for number in INTERRUPTS}
    yield
    for number, handler in earlier.items():
        signal.signal(number, handler)


def test_help_says_what_each_command_does_and_what_the_first_up_costs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    text = capsys.readouterr().out
    for word in (
        "up",
        "down",
        "status",
        "shell",
        "build",
        "kubectl",
        "kubeconfig",
        "HAMI_DRA_CLUSTER_BIN",
        "10 minutes",
        "needs root",
    ):
        assert word in text


@pytest.mark.parametrize("command", ["up", "down", "status", "kubeconfig"])
def test_without_root_each_command_says_so_and_changes_nothing(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert cli.main([command, "--name", "nobody"]) == 1
    assert capsys.readouterr().err == (
        "cluster: the local cluster needs root, for network namespaces, mounts and control groups; run the command again with sudo\n"
    )


def test_everything_after_kubectl_is_kubectls(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, list[str]]] = []

    def replaced(_file: str, arguments: list[str], environ: dict[str, str]) -> NoReturn:
        seen.append((environ["NAME"], arguments[1:]))
        raise SystemExit

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(Cluster, "environment", lambda self: {"NAME": self.name})
    monkeypatch.setattr("os.execvpe", replaced)
    for arguments in (
        ["-n", "x", "get", "pods", "-o", "yaml"],
        ["--name", "other", "get", "--name", "z"],
        ["get", "--help"],
    ):
        with pytest.raises(SystemExit):
            cli.main(["kubectl", *arguments])
    assert seen == [
        ("demo", ["-n", "x", "get", "pods", "-o", "yaml"]),
        ("other", ["get", "--name", "z"]),
        ("demo", ["get", "--help"]),
    ]


def test_an_error_is_one_message_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_life: Lifecycle) -> None:
        raise ConflictError("cluster demo: link hami-demo is in the way; remove it")

    monkeypatch.setattr(Lifecycle, "up", fail)
    assert cli.main(["up"]) == 1
    assert capsys.readouterr().err == "cluster: cluster demo: link hami-demo is in the way; remove it\n"


def test_what_the_machine_refuses_is_a_message_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_life: Lifecycle) -> None:
        raise OSError(30, "Read-only file system", "/run/hami-dra")

    monkeypatch.setattr(Lifecycle, "up", fail)
    assert cli.main(["up"]) == 1
    error = capsys.readouterr().err
    assert error.endswith("[Errno 30] Read-only file system: '/run/hami-dra'\n")
    assert "Traceback" not in error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_interrupting_signal_breaks_off_with_status_130_and_a_second_one_does_not_disturb(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cleaned = []

    def interrupted(_life: Lifecycle) -> None:
        try:
            os.kill(os.getpid(), number)
            raise AssertionError("not interrupted")
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            cleaned.append(True)

    monkeypatch.setattr(Lifecycle, "up", interrupted)
    assert cli.main(["up"]) == 130
    assert cleaned == [True]
    assert capsys.readouterr().err == "cluster: interrupted\n"


def test_a_hang_up_that_nohup_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    monkeypatch.setattr(Lifecycle, "up", lambda _life: os.kill(os.getpid(), signal.SIGHUP))
    assert cli.main(["up"]) == 0


@pytest.mark.parametrize(
    "arguments", [[], ["sideways"], ["up", "--profile", "half"], ["down", "--nodes", "2"], ["up", "--nodes", "x"]]
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    assert "usage: hack/cluster" in capsys.readouterr().err


def test_an_unusable_name_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["up", "--name", "Much_Too_Long"]) == 1
    assert "cluster name 'Much_Too_Long': not usable" in capsys.readouterr().err
