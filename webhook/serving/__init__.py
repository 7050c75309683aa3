"""HTTPS: connections, requests, answers, and whether this replica is to be asked."""
