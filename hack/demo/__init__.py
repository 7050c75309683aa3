"""`make demo`: the whole system on one machine, shown step by step.

What it runs stands in hack/local_cluster and hack/local_system.
"""
