"""What the node sees of the processes on its cards: memory and time by share, and what slipped past."""
