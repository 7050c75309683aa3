"""The templates that conversion refers to: written before a pod is admitted, restored while pods wait, collected afterwards."""
