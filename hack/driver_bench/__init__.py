"""The node driver beside Kubernetes' own Go driver of its tests of DRA: one harness, one API server, one run."""
