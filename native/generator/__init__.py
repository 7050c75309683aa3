"""Writes what follows from the manifest of driver functions and from the header of the pages; see `__main__` and `pages`.

Standard library only: the files must come out alike on any machine with a Python. Nothing here runs in a product.
"""
