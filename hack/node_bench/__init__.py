"""What the node does for shares whose programs run: how soon a changed limit is in force, and what the driver's looks cost."""
