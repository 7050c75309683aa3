"""Admission of legacy pods: limits such as `nvidia.com/gpu` become a ResourceClaim. Never imports the node driver."""
