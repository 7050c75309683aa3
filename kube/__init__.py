"""The one door to the API server: configuration, raw JSON calls and watches.

Objects are plain mappings, so that fields newer than this program survive. Not here: models, caches, meaning.
"""
