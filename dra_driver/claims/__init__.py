"""Claims on the node: read, checked, prepared, kept on disk, told about, and collected."""
