"""The search for a learning rate: each rate of the list is trained with in turn, the best on dev is kept."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.loop import History, Progress


class Trained(Protocol):
    """A finished training."""

    @property
    def history(self) -> History: ...


T = TypeVar("T", bound=Trained)


def search(
    train: Callable[[Settings, Progress], T], settings: Settings, progress: Progress
) -> tuple[T, dict[str, Any]]:
    """Return the training of the best dev score (the first of equal ones) and facts: every rate's score.

    `train` starts anew at each call. Without a list the rate is settings.learning_rate, and there are no facts.
    """
    if settings.learning_rates is None:
        return train(settings, progress), {}
    rates, scores, best = settings.learning_rates, [], None
    for number, rate in enumerate(rates):
        found = train(settings.model_copy(update={"learning_rate": rate}), _within(progress, number, len(rates)))
        scores.append({"learning_rate": rate, "dev": found.history.best_score})
        if best is None or found.history.best_score > best[1].history.best_score:
            best = rate, found
    if best is None:
        raise ValueError("learning_rates is empty")
    return best[1], {"learning_rate": best[0], "search": scores}


def _within(progress: Progress, number: int, count: int) -> Progress:
    return lambda done, total: progress(number * total + done, count * total)
