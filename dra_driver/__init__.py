"""The node plugin: publishes the cards of a node, and prepares the claims that the scheduler has placed on them."""
