"""The webhook's HTTP: requests come out the same however the stream is cut, what could be read in two ways is refused, and no bytes
whatever are a fault.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.serving.http1 import HEAD_LIMIT_BYTES, BadRequestError, Request, RequestReader, Response, text

LIMIT = 1000
POST = b"POST /mutate?timeout=5s HTTP/1.1\r\nHost: webhook\r\nContent-Length: 4\r\n\r\nbody"
GET = b"GET /readyz HTTP/1.1\r\nHost: w\r\n\r\n"


def read(*pieces: bytes) -> list[Request]:
    reader, found = RequestReader(LIMIT), []
    for piece in pieces:
        reader.feed(piece)
        while request := reader.next():
            found.append(request)
    return found


def refusal(stream: bytes) -> BadRequestError:
    with pytest.raises(BadRequestError) as caught:
        read(stream)
    return caught.value


def status_of(stream: bytes) -> int:
    """With what a stream is refused; 0 is not."""
    try:
        read(stream)
    except BadRequestError as error:
        return error.status
    return 0


def test_a_review_is_read_whole() -> None:
    assert read(POST) == [Request("POST", "/mutate", "timeout=5s", b"body", is_last=False)]


@given(st.lists(st.integers(0, len(POST + GET + POST)), max_size=8))
def test_requests_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream = POST + GET + POST
    edges = [0, *sorted(cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(edges)]
    assert read(*pieces) == read(stream)
    assert [request.path for request in read(stream)] == ["/mutate", "/readyz", "/mutate"]


@given(st.binary(max_size=300), st.sampled_from([b"", b"GET ", POST[:40], POST[:-8]]))
def test_no_bytes_are_a_fault(noise: bytes, begin: bytes) -> None:
    assert status_of(begin + noise) in (0, 400, 411, 413, 431)


@pytest.mark.parametrize(
    ("stream", "status"),
    [
        (b"\x16\x03\x01\x02\x00", 400),  # a TLS greeting
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET http://other/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\nContent-Length: 3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\ncontent-length: 4\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 4, 4\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length : 4\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 999999999999999999999\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * HEAD_LIMIT_BYTES, 431),
    ],
)
def test_what_is_no_request_or_could_be_two_is_refused(stream: bytes, status: int) -> None:
    assert refusal(stream).status == status


@pytest.mark.parametrize(
    ("head", "is_last"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCONNECTION: Keep-Alive, Close\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n", False),
    ],
)
def test_a_client_that_wants_no_more_is_heard(head: bytes, is_last: bool) -> None:
    (request,) = read(head)
    assert request.is_last is is_last


def test_an_answer_has_its_length_and_says_when_it_is_the_last() -> None:
    assert text(503, "not ready", is_last=True).encoded("now") == (
        b"HTTP/1.1 503 Service Unavailable\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 10\r\n"
        b"Connection: close\r\n\r\nnot ready\n"
    )
    assert (
        Response(405, b"abc", allow="POST")
        .encoded("now", with_body=False)
        .endswith(b"Content-Length: 3\r\nAllow: POST\r\n\r\n")
    )
