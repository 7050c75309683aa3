"""What makes a container a managed one: mounts of the node, and nothing of its environment or image. With the library that ships."""

import os
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.share import Share
from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards

pytestmark = [pytest.mark.native, pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")]

BUILD = Path(__file__).parents[2] / "build"
CARDS = "cards: [{model: NVIDIA A100-SXM4-80GB, memory: 1Gi, contextMiB: 0, reservedMiB: 0}]\n"

READ_ONLY = "; mount -o remount,bind,ro /run/hami.io/shares/one/limits"
BARE = "mount -t tmpfs tmpfs /run"
IMAGE = BARE + "; mkdir -p /run/hami.io/shares /run/hami.io/lib; touch /run/hami.io/lib/libvgpu.so"
WHOLE_CARD = IMAGE + '; mount --bind "$LIBRARY" /run/hami.io/lib/libvgpu.so'
SHARE = (
    BARE
    + "; mkdir -p /run/hami.io/shares/one; cd /run/hami.io/shares/one; touch limits usage"
    + '; mount --bind "$SHARES/one/limits" limits; mount --bind "$SHARES/one/usage" usage; cd /'
)
COVERED = SHARE + "; mount -t tmpfs tmpfs /run/hami.io"
WITHOUT_PROC = BARE + "; umount -l /proc"


def run(tmp_path: Path, container: str, **variables: str) -> str:
    """What the program that fills its card says in a container that was mounted so."""
    root, cards = tmp_path / "root", tmp_path / "cards.yaml"
    cards.write_text(CARDS)
    (tmp_path / "shares").mkdir()
    (card,) = load_cards(cards, "node-a")
    build_driver_root((card,), BUILD / "sim", root, real_driver=tmp_path / "none")
    share = Share("one", "main", "node", "gpu-0-share", "one", card.uuid, False, 100 * MIB, 0, 100, ShareConfig())
    ShareFolders(tmp_path / "shares", UUID(int=7)).create(share)
    environment = os.environ | {
        "LIBRARY": str(BUILD / "libvgpu.so"),
        "SHARES": str(tmp_path / "shares"),
        "LD_LIBRARY_PATH": str(root / LIBRARY_FOLDER),
        "CUDA_DEVICE_MEMORY_SHARED_CACHE": str(tmp_path / "cache"),
    }
    command = f'{container}; exec env LD_PRELOAD="$LIBRARY" "$0"'
    program = BUILD / "samples/fill-until-refused"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-euc", command, program],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def test_a_container_without_mounts_of_the_node_goes_by_its_environment(tmp_path: Path) -> None:
    assert "allocated 300 MiB of 300 MiB" in run(tmp_path, BARE, CUDA_DEVICE_MEMORY_LIMIT="300m")


def test_an_image_cannot_make_itself_a_managed_container(tmp_path: Path) -> None:
    assert "allocated 300 MiB of 300 MiB" in run(tmp_path, IMAGE, CUDA_DEVICE_MEMORY_LIMIT="300m")


@pytest.mark.parametrize("limit", ["300m", "abc"])
def test_the_environment_of_a_managed_container_says_nothing(tmp_path: Path, limit: str) -> None:
    said = run(tmp_path, SHARE, CUDA_DEVICE_MEMORY_LIMIT=limit, CUDA_OVERSUBSCRIBE="true", LIBCUDA_LOG_LEVEL="4")
    assert "allocated 100 MiB of 100 MiB" in said
    assert "libvgpu" not in said


def test_limits_that_are_mounted_read_only_are_enough_and_stay_what_they_are(tmp_path: Path) -> None:
    overwrite = "; if printf x > /run/hami.io/shares/one/limits; then exit 9; fi"
    said = run(tmp_path, SHARE + READ_ONLY + overwrite)
    assert "Read-only file system" in said
    assert "allocated 100 MiB of 100 MiB" in said


def test_a_whole_card_of_a_managed_container_stays_whole(tmp_path: Path) -> None:
    said = run(tmp_path, WHOLE_CARD, CUDA_DEVICE_MEMORY_LIMIT="300m")
    assert "allocated 1024 MiB of 1024 MiB" in said


def test_what_covers_the_nodes_mounts_frees_nothing(tmp_path: Path) -> None:
    said = run(tmp_path, COVERED, CUDA_DEVICE_MEMORY_LIMIT="300m")
    assert "libvgpu: /run/hami.io/shares: the shares that the node mounted are not to be seen; " in said
    assert "allocated 0 MiB of 0 MiB" in said


def test_where_mounts_cannot_be_told_nothing_is_granted(tmp_path: Path) -> None:
    said = run(tmp_path, WITHOUT_PROC, CUDA_DEVICE_MEMORY_LIMIT="300m")
    assert "libvgpu: /proc/self/mountinfo: cannot be read; all allocations of this process are refused" in said
    assert "allocated 0 MiB of 0 MiB" in said
