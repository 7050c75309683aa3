"""What `hami-dra convert` tells about what it found, in lines for people and for editors that jump to file:line.

Pure. Not here: the findings themselves (converting).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from webhook.manifest_files.converting import Finding, Verdict


def lines(where: str, findings: Iterable[Finding]) -> Iterator[str]:
    """Yield `file:line: object: what becomes of it: why`, and each warning on a line of its own."""
    for finding in findings:
        place = f"{where}:{finding.line}: {finding.subject}"
        yield one_line(f"{place}: {finding.verdict}: {finding.reason}")
        yield from (one_line(f"{place}: warning: {warning}") for warning in finding.warnings)


def summary(findings: Sequence[Finding]) -> str:
    """Return how many pods and pod templates become what: `3 convert, 1 refused`."""
    counts = Counter(finding.verdict for finding in findings)
    words = {
        Verdict.CONVERTS: "to convert",
        Verdict.REFUSED: "refused",
        Verdict.LEFT: "left to admission",
        Verdict.STAYS: "to stay as they are",
    }
    found = [f"{counts[verdict]} {word}" for verdict, word in words.items() if counts[verdict]]
    return ", ".join(found) or "no pod and no pod template"


def one_line(text: str) -> str:
    """What comes from a file, unable to pass for a line of its own or to steer a terminal."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
