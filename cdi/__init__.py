"""Container Device Interface (CDI) specs: the model, and the folder where container runtimes look for them.

Source: CNCF TAG Runtime, container-device-interface SPEC.md. Knows neither Kubernetes nor GPUs.
"""
