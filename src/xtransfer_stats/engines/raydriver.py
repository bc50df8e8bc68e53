"""The process that speaks with Ray: it gives tasks to a cluster and tells its owner by a pipe what becomes of them.

A process of its own, since Ray ends the process that uses it when the head of a cluster is lost, takes its signal
handlers, and prints. Its owner outlives all that and says in its own words what happened.
"""

import os
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from xtransfer_stats.base import __version__
from xtransfer_stats.engines import raytask

_NEWS = 0.5  # seconds between looks at the cluster
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def serve(pipe: Connection, owner: int, log: str, address: str, options: Mapping[str, Any]) -> None:
    """Connect to the cluster at `address` ("local": start one here, on 127.0.0.1 alone), and do what the pipe says."""
    os.setsid()  # Ctrl-C and a queue's SIGTERM go to the owner, who tells us to stop
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    threading.Thread(target=_die_with, args=(owner,), daemon=True).start()
    try:
        _connect(address, dict(options))
    except (Exception, SystemExit) as error:
        pipe.send(("refused", f"{error}" or type(error).__name__))
        return
    try:
        _Driver(pipe).run()
    finally:
        _disconnect()


def _connect(address: str, options: dict[str, Any]) -> None:
    if address == "local":
        # Ray's own switch for "this machine alone": its servers then listen on 127.0.0.1, else on all interfaces.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ.setdefault("RAY_worker_niceness", "0")  # as the local engine's workers; Ray's default is 15
        options |= {"include_dashboard": False}
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    environment = dict(options.pop("runtime_env", None) or {})
    environment["env_vars"] = {**_THREADS, "TOKENIZERS_PARALLELISM": "false", **environment.get("env_vars", {})}
    told = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": False}
    _ray().init(address=address, runtime_env=environment, **told, **options)


def _disconnect() -> None:
    _ray().shutdown()


def _ray(part: str = "ray") -> Any:
    """Ray, or a module of it, once its variables are set; untyped, since its own types do not fit its options."""
    return import_module(part)


def _die_with(owner: int) -> None:
    while os.getppid() == owner:
        time.sleep(1)
    os._exit(1)


class _Driver:
    """The tasks that are under way, and the board that they tell their news to."""

    def __init__(self, pipe: Connection) -> None:
        ray = _ray()
        self.affinity = _ray("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy
        self.pipe, self.ray = pipe, ray
        self.tasks: dict[Any, str] = {}  # reference -> the step's key
        here = self.affinity(ray.get_runtime_context().get_node_id(), soft=False)
        self.board = ray.remote(num_cpus=0, scheduling_strategy=here)(raytask.Board).remote()
        # Ray tries nothing again by itself: our owner counts the tries, and says so.
        self.remote = ray.remote(max_retries=0)(_attempt)
        self.looked = 0.0

    def run(self) -> None:
        """Work until the owner says stop, or is gone."""
        self.pipe.send(("up", self.ray.get_runtime_context().gcs_address, self._nodes()))
        while self._obey():
            ready, _ = self.ray.wait(list(self.tasks), timeout=0.1) if self.tasks else ([], [])
            for reference in ready:
                self.pipe.send(self._ended(reference))
            if time.monotonic() - self.looked > _NEWS:
                self._look()
        for reference in self.tasks:
            self.ray.cancel(reference, force=True)

    def _obey(self) -> bool:
        """Do what the owner asked for meanwhile; False for stop."""
        while self.pipe.poll(0 if self.tasks else 0.1):
            try:
                what, *given = self.pipe.recv()
            except EOFError:
                return False
            if what == "stop":
                return False
            self._begin(*given)
        return True

    def _begin(self, root: str, step: Any, parents: Any, work: str, cpus: float, gpus: float, node: str | None) -> None:
        asked: dict[str, Any] = {"num_cpus": cpus, "num_gpus": gpus, "name": f"{step.kind} {step.name}"}
        if node:  # warm there; elsewhere rather than wait
            asked["scheduling_strategy"] = self.affinity(node, soft=True, _spill_on_unavailable=True)
        arguments = root, step, parents, work, self.board, __version__, gpus > 0
        self.tasks[self.remote.options(**asked).remote(*arguments)] = step.key

    def _ended(self, reference: Any) -> tuple[Any, ...]:
        key, errors = self.tasks.pop(reference), self.ray.exceptions
        try:
            return ("result", key, self.ray.get(reference))
        except (errors.RayTaskError, errors.RuntimeEnvSetupError) as error:
            return ("unable", key, str(error))
        except errors.RayError as error:
            text = str(error)
            return ("unable" if "No module named" in text else "lost", key, _why(error, errors), text)

    def _look(self) -> None:
        """Tell the owner what the board and the cluster have to say."""
        self.looked = time.monotonic()
        for news in self.ray.get(self.board.read.remote()):
            self.pipe.send(news)
        self.pipe.send(("nodes", self._nodes()))

    def _nodes(self) -> list[tuple[str, str, float, float]]:
        alive = [node for node in self.ray.nodes() if node["Alive"]]
        return sorted((node["NodeID"], node["NodeManagerHostname"], *_has(node["Resources"])) for node in alive)


def _has(resources: Mapping[str, float]) -> tuple[float, float]:
    return resources.get("CPU", 0.0), resources.get("GPU", 0.0)


def _attempt(root: str, step: Any, parents: Any, work: str, board: Any, version: str, gpu: bool) -> Any:
    node = _ray().get_runtime_context().get_node_id()
    return raytask.attempt(root, step, parents, work, board, node, version, gpu)


def _why(error: Exception, errors: Any) -> str:
    """What was lost, in a word of ours."""
    if isinstance(error, errors.OutOfMemoryError):
        return "its machine ran out of memory (give fewer cores to Ray there, or a smaller batch_size)"
    if isinstance(error, errors.NodeDiedError | errors.LocalRayletDiedError):
        return "its machine left the cluster"
    return "its worker process was lost: out of memory, killed from outside, or its machine left"
