"""How generated C files begin. Not here: what they contain."""


def comment(purpose: str, *sources: str) -> str:
    """Return the opening comment of a generated C file: what it is for, and what it was generated from."""
    named = " and ".join(sources)
    return f"/* {purpose}\n * Generated from native/manifest/{named} by `python -m native.generator`; do not edit. */\n"
