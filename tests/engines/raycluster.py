"""Ray clusters of several nodes on this machine."""

import contextlib
import os

# A removed node is known as such within a second or two: a small study would be over by Ray's own fifteen.
_WATCHFUL = {"health_check_period_ms": 500, "health_check_timeout_ms": 1000, "health_check_failure_threshold": 3}


@contextlib.contextmanager
def cluster_of(*nodes):
    """A Ray cluster on this machine: a head and further nodes, each with these resources; yields it and the nodes."""
    os.environ.setdefault("RAY_worker_niceness", "0")  # else tests starve beside others on the same machine
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": _WATCHFUL}
    cluster = Cluster(initialize_head=True, head_node_args=head | nodes[0])
    try:
        yield cluster, [cluster.add_node(**more) for more in nodes[1:]]
    finally:
        with contextlib.suppress(Exception):
            cluster.shutdown()
