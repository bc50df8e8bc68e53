"""Task sets and runs: who is trained on what.

Sets are drawn from shuffled decks of the intermediate tasks, dealt out in order. So each task appears equally often
(or within one) over any first few seeds, and later seeds, sets or counts change no earlier draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xtransfer_stats.base import seeds

TaskSet = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One chain: seed and task set (empty: the baseline), and which fine-tuning replicate."""

    seed: int
    n_tasks: int
    task_set: TaskSet
    replicate: int = 0

    @property
    def set_name(self) -> str:
        """The set's name, "" for the baseline."""
        return "+".join(self.task_set)

    @property
    def name(self) -> str:
        """The run's name, unique in its study."""
        return f"s{self.seed}-{self.set_name or 'baseline'}-r{self.replicate}"


def deal(tasks: Sequence[str], count: int, hands: int, root: int, *names: object) -> list[TaskSet]:
    """Deal `hands` sets of `count` of `tasks`, each task equally often (or within one) in every first few hands.

    A deck that runs out inside a hand is followed by a fresh one, in which the
    tasks already in the hand are dealt last.
    """
    ordered = sorted(tasks)
    dealt: list[TaskSet] = []
    pile: list[str] = []
    decks = 0
    for _ in range(hands):
        hand = pile[:count]
        pile = pile[count:]
        if len(hand) < count:
            shuffled = seeds.generator(root, "deck", *names, decks).permutation(ordered).tolist()
            decks += 1
            fresh = [task for task in shuffled if task not in hand]
            wanted = count - len(hand)
            hand, pile = hand + fresh[:wanted], fresh[wanted:] + [task for task in shuffled if task in hand]
        dealt.append(tuple(sorted(hand)))
    return dealt


def task_sets(
    tasks: Sequence[str], count: int, n_seeds: int, root: int, *, sets: int = 1, cross: int = 0
) -> list[list[TaskSet]]:
    """Sets of one count for each seed: its own (nested), or the same `cross` sets for all (factorial).

    With all tasks in the set there is one set. Two sets of a seed may coincide by
    chance; such a pair stands once.
    """
    if count == len(tasks):
        return [[tuple(sorted(tasks))] for _ in range(n_seeds)]
    if cross:
        shared = list(dict.fromkeys(deal(tasks, count, cross, root, "crossed", count)))
        return [shared for _ in range(n_seeds)]
    streams = [deal(tasks, count, n_seeds, root, "nested", count, index) for index in range(sets)]
    return [list(dict.fromkeys(stream[seed] for stream in streams)) for seed in range(n_seeds)]


def runs(
    tasks: Sequence[str],
    counts: Sequence[int],
    n_seeds: int,
    root: int,
    *,
    sets: int = 1,
    cross: int = 0,
    baselines: int = 1,
    singles: bool = False,
) -> list[Run]:
    """All runs of a study: `baselines` replicates of the baseline a seed, then each seed's sets at each count.

    singles: each task alone too, for every seed.
    """
    planned = [Run(seed, 0, (), replicate) for seed in range(n_seeds) for replicate in range(baselines)]
    for count in counts:
        drawn = task_sets(tasks, count, n_seeds, root, sets=sets, cross=cross)
        planned += [Run(seed, count, chosen) for seed, own in enumerate(drawn) for chosen in own]
    if singles:
        planned += [Run(seed, 1, (task,)) for seed in range(n_seeds) for task in tasks]
    return sorted(planned)
