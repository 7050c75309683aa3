"""What a program of ours needs that stays running, whichever it is: its log, its metrics over HTTP, a file that it follows."""
