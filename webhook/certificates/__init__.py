"""The webhook's certificates: its own authority, how they are kept, and which one is shown."""
