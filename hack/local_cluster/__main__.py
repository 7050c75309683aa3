"""`python -m hack.local_cluster`: what hack/cluster runs."""

import sys

from hack.local_cluster.cli import main

sys.exit(main())
