"""A real Kubernetes on one machine, without Docker, registry or GPU, as a tool (`hack/cluster`) and as a library.

cluster = Cluster("demo", Profile.FULL)      # or Profile.CONTROL_PLANE: no kubelet, for tests that play one
cluster.up()                                 # builds what is missing; a no-op if it is up
cluster.nodes                                # names and folders; more than one with Cluster(…, nodes=3)
cluster.kubectl("apply", "-f", "pod.yaml")
cluster.start_guest("driver", ["hami-dra", "driver", …])   # ends with the cluster; log_of("driver") is its log
cluster.restart("kubelet")
cluster.down()                               # leaves nothing but the cache
"""

from hack.local_cluster.cluster import Cluster
from hack.local_cluster.image import Contents
from hack.local_cluster.images import DEMO_IMAGE
from hack.local_cluster.layout import NodeLayout
from hack.local_cluster.programs import Profile

__all__ = ["DEMO_IMAGE", "Cluster", "Contents", "NodeLayout", "Profile"]
