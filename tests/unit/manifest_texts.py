"""Manifests as files have them, for the tests of `hami-dra convert`."""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
  - name: main
    image: example.org/a:1
    resources:
      limits:
        nvidia.com/gpumem: 1000
"""
REFUSED = POD.replace("1000", "4Gi")
PLAIN = POD.replace("nvidia.com/gpumem: 1000", "cpu: 1")
