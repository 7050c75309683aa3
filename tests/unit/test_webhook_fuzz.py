"""Bodies that no API server sends: each is answered or refused as no review, and none is a fault of ours. `hack.fuzz_webhook` throws as
many as one likes; this is a short run of it, and JSON of any shape in the places that are read.
"""

import json

from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from hack.fuzz_webhook import NoTemplates, fuzz
from hack.webhook_bench import question
from tests.admitted import answer_of
from webhook.admission import Admission

ROUNDS = 3000

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        ("request",),
        ("request", "uid"),
        ("request", "namespace"),
        ("request", "operation"),
        ("request", "object", "metadata"),
        ("request", "object", "metadata", "annotations"),
        ("request", "object", "spec", "containers"),
        ("request", "object", "spec", "resourceClaims"),
    ]
)


async def test_none_of_many_bodies_is_a_fault() -> None:
    outcomes = await fuzz(ROUNDS, seed=20)
    assert set(outcomes) >= {"converted", "refused", "no review"}
    assert outcomes["converted"] > ROUNDS / 10


@given(PLACES, ANYTHING)
async def test_any_json_in_any_place_is_answered_or_no_review(place: tuple[str, ...], value: object) -> None:
    document = json.loads(question.review())
    target = document
    for name in place[:-1]:
        target = target[name]
    target[place[-1]] = value
    try:
        answer = json.loads(await answer_of(Admission(NoTemplates()), json.dumps(document).encode()))
    except InvalidInputError:
        return
    assert answer["response"]["allowed"] or answer["response"]["status"]["code"] < 500
