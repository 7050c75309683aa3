"""NVML's words for the time of processes, played: which of its questions is asked, and what its samples sum up to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pynvml
import pytest

from dra_driver.nvml import utilization as nvml_utilization
from dra_driver.nvml.utilization import CardTime, read_card_times

CARD = "GPU-1"
Ask = Callable[[object, int], object]


@dataclass(frozen=True)
class Sample:
    pid: int
    timeStamp: int  # noqa: N815  NVML's name
    smUtil: int  # noqa: N815  NVML's name


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def session(_: Path) -> Iterator[None]:
        yield

    monkeypatch.setattr(nvml_utilization, "session", session)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda uuid: uuid)


def play(monkeypatch: pytest.MonkeyPatch, *answers: list[Sample] | int) -> list[int]:
    """Have the questions answered so, in order; return the times that are asked for."""
    asked: list[int] = []

    def question(answer: list[Sample] | int) -> Ask:
        def ask(_: object, after_us: int) -> object:
            asked.append(after_us)
            if isinstance(answer, int):
                raise pynvml.NVMLError(answer)
            return answer

        return ask

    monkeypatch.setattr(nvml_utilization, "_QUESTIONS", tuple(question(answer) for answer in answers))
    return asked


def read(after_us: int = 100) -> CardTime:
    return read_card_times(Path("/"), {CARD: after_us})[CARD]


def test_one_sample_of_a_process_is_its_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = play(monkeypatch, [Sample(1, 200, 30), Sample(2, 250, 50)])
    assert read() == CardTime({1: 30, 2: 50}, 250)
    assert asked == [100]


def test_several_samples_are_of_windows_in_which_others_may_have_idled(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, [Sample(1, 200, 30), Sample(1, 300, 60), Sample(1, 400, 90), Sample(2, 300, 30)])
    found = read()
    assert found.seen_us == 400
    assert found.percents == pytest.approx({1: 60, 2: 10})


def test_what_a_driver_left_in_its_buffer_is_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [Sample(0, 0, 0), Sample(50554, 217144956601725, 37100), Sample(9, 100, 50)]
    play(monkeypatch, [Sample(1, 200, 30), *left])
    assert read() == CardTime({1: 30}, 200)


@pytest.mark.parametrize("answer", [pynvml.NVML_ERROR_NOT_FOUND, pynvml.NVML_SUCCESS])
def test_a_card_on_which_nobody_was_busy_has_no_samples(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    asked = play(monkeypatch, answer, [Sample(1, 200, 30)])
    assert read() == CardTime({}, 100)
    assert len(asked) == 1


@pytest.mark.parametrize("answer", [pynvml.NVML_ERROR_FUNCTION_NOT_FOUND, pynvml.NVML_ERROR_NOT_SUPPORTED])
def test_a_driver_without_the_newer_question_is_asked_the_older(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    play(monkeypatch, answer, [Sample(1, 200, 30)])
    assert read() == CardTime({1: 30}, 200)


@pytest.mark.parametrize("answer", [pynvml.NVML_ERROR_NOT_SUPPORTED, pynvml.NVML_ERROR_NO_PERMISSION])
def test_a_card_that_cannot_say_it_says_why(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    play(monkeypatch, answer, answer)
    assert read() == CardTime({}, 100, str(pynvml.NVMLError(answer)))
