"""The answer of an admission to one review, whether it has to wait for it or not. Not here: the webhook's server, which need not wait."""

from webhook.admission import Admission


async def answer_of(admission: Admission, body: bytes) -> bytes:
    """Return the review that answers the one in `body`; raises as `Admission.reply` does."""
    reply = admission.reply(body)
    return reply if isinstance(reply, bytes) else await reply
