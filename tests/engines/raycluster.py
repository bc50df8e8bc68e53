"""Ray clusters of several nodes on this machine."""

import contextlib
import os


@contextlib.contextmanager
def cluster_of(*nodes):
    """A Ray cluster on this machine: a head and further nodes, each with these resources; yields it and the nodes."""
    os.environ.setdefault("RAY_worker_niceness", "0")  # else tests starve beside others on the same machine
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False} | nodes[0])
    try:
        yield cluster, [cluster.add_node(**more) for more in nodes[1:]]
    finally:
        with contextlib.suppress(Exception):
            cluster.shutdown()
