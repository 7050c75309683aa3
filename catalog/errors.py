"""The exceptions that reach an operator.

    HamiError
    ├── InvalidInputError     a file, claim, pod or flag that cannot be used as it is
    ├── ForbiddenError        what a policy of the cluster, such as a quota, does not allow
    ├── ConflictError         something of others stands where ours must go: a port, a namespace, a device
    ├── CorruptStateError     what was written earlier cannot be trusted; nothing was guessed
    └── UnavailableError      a peer (API server, driver, kubelet) did not do what was asked; trying again may help

A message names the object, the field and the remedy. Programming errors are not in this tree: they stay what Python raises.
"""


class HamiError(Exception):
    """Anything that an operator is told in one message, without a traceback."""


class InvalidInputError(HamiError):
    """What was given cannot be used; the message says which field, why, and what would do."""


class ForbiddenError(HamiError):
    """A policy of the cluster does not allow it; the message says which, and what it allows."""


class ConflictError(HamiError):
    """Something that is not ours is in the way; nothing was changed."""


class CorruptStateError(HamiError):
    """Stored state is damaged; it was set aside and nothing was guessed from it."""


class UnavailableError(HamiError):
    """A peer refused or could not be reached."""
