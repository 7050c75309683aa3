"""Conversion of manifests in files: the pods in them as admission would convert them, and not a byte of theirs changed beside.

Pure but for `files`. It is here because it is the webhook's own conversion, applied where manifests are kept instead of where they
arrive; the webhook imports none of it. Not here: what conversion does (webhook.conversion.pod).
"""
