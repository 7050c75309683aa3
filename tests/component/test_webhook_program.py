"""`hami-dra webhook` as a process: it starts, answers, ends on SIGTERM; what keeps it from starting is told in one line."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority

COMMAND = (sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", "webhook")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "ca")


@pytest.fixture
def flags(authority: Authority, tmp_path: Path) -> dict[str, str]:
    certificate, key = authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"])
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        f"""kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: "https://127.0.0.1:1", certificate-authority: {authority.certificate}}}}}]
users: [{{name: u, user: {{token: t}}}}]
"""
    )
    return {
        "--listen": f"127.0.0.1:{free_port()}",
        "--tls-cert": str(certificate),
        "--tls-key": str(key),
        "--kubeconfig": str(kubeconfig),
        "--metrics-listen": "",
        "--drain": "0",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(flags: dict[str, str]) -> subprocess.Popen[str]:
    arguments = [word for flag in flags.items() for word in flag]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True, env=environment, cwd="/")


def test_it_answers_until_it_is_told_to_stop(flags: dict[str, str], authority: Authority) -> None:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    with start(flags) as process:
        try:
            assert process.stderr is not None
            assert "listening at 127.0.0.1" in process.stderr.readline()
            with urllib.request.urlopen(f"https://{flags['--listen']}/healthz", context=trust) as answer:
                assert answer.status == 200
            with pytest.raises(urllib.error.HTTPError) as unready:
                urllib.request.urlopen(f"https://{flags['--listen']}/readyz", context=trust)
            assert "not ready: no-other-webhook, cards, templates, quotas" in unready.value.read().decode()
        finally:
            process.send_signal(signal.SIGTERM)
        _, log = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in log


def refusal(flags: dict[str, str]) -> str:
    with start(flags) as process:
        _, words = process.communicate()
    assert process.returncode == 1
    assert words.count("\n") == 1, words
    return words


def test_a_taken_port_is_named_with_a_remedy(flags: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        flags["--listen"] = f"127.0.0.1:{holder.getsockname()[1]}"
        words = refusal(flags)
    assert words == (
        f"hami-dra webhook: --listen {flags['--listen']}: another program listens there; end it, or choose another port\n"
    )


@pytest.mark.parametrize(
    ("flag", "value", "words"),
    [
        ("--listen", "9443", "--listen 9443: write ADDRESS:PORT, such as 0.0.0.0:9443 or [::]:9443"),
        ("--listen", "127.0.0.1:70000", "--listen 127.0.0.1:70000: write ADDRESS:PORT"),
        ("--listen", "192.0.2.1:9443", "--listen 192.0.2.1:9443: "),
        ("--tls-cert", "/missing.crt", "--tls-cert /missing.crt: No such file or directory; give a readable PEM file"),
        ("--tls-key", "/dev/null", "not a PEM certificate chain with its key"),
        ("--kubeconfig", "/missing", "/missing: "),
    ],
)
def test_an_unusable_flag_is_named(flags: dict[str, str], flag: str, value: str, words: str) -> None:
    assert words in refusal(flags | {flag: value})
