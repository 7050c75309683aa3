"""What the log says of a fault of ours: where it was raised, and nothing of what was being worked on."""

import traceback


def place_of(error: BaseException) -> str:
    """The kind of an exception and where it was raised: not its words, which may quote the pod."""
    frames = traceback.format_tb(error.__traceback__)
    return f"{type(error).__name__}\n{''.join(frames)}"
