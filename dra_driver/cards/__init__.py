"""The cards of the node as the driver knows them, and what lies on the node for each: libraries, device files, base spec."""
