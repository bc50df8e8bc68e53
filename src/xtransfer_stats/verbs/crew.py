"""Who does the work of a run: an engine by its name, its workers and devices, what its steps ask for."""

from dataclasses import dataclass, field

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.engines.consequences import Engine
from xtransfer_stats.engines.demands import Demands, legal
from xtransfer_stats.engines.local import CPU, LocalEngine
from xtransfer_stats.verbs.extras import require


@dataclass(frozen=True)
class Crew:
    """Who does the work: an engine's name, its workers, a cluster's address, devices of workers, what steps ask for."""

    name: str
    workers: int
    address: str | None = None
    devices: tuple[str, ...] = (CPU,)
    demands: Demands = field(default_factory=Demands)

    def check(self, gpus_per_step: float | None) -> None:
        """Raise RecipeError for a number of GPUs that no engine, or not this one, can give."""
        if legal(gpus_per_step) is not None and self.name != "ray":
            raise RecipeError(
                f"gpus_per_step {gpus_per_step:g} is for engine ray: give devices with engine {self.name}",
                ["gpus_per_step", "engine", "devices"],
            )
        if self.address is not None and self.name != "ray":
            value = f"address {self.address!r}"
            raise RecipeError(f"{value} is for engine ray: give engine ray, or leave it out", [value, "engine"])

    def engine(self) -> Engine:
        """Raises RecipeError for an unknown engine, MissingExtra without its package."""
        makers = {"local": self._local, "ray": self._ray}
        if self.name not in makers:
            raise RecipeError(f"engine {self.name!r}: choose one of {', '.join(makers)}", ["engine"])
        return makers[self.name]()

    def _local(self) -> Engine:
        return LocalEngine(self.workers, devices=self.devices)

    def _ray(self) -> Engine:
        from xtransfer_stats.engines.ray import RayEngine

        if self.devices != (CPU,):
            message = f"devices {','.join(self.devices)} is for engine local: leave it out with ray"
            raise RecipeError(message, ["devices", "engine"])
        require("xstats run --engine ray", "ray")
        return RayEngine(self.address, demands=self.demands)
