"""A share on the node: its name, its folder, its pages and the processes that use it."""
