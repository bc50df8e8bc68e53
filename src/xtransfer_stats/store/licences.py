"""Data whose licence restricts their use: asked before the first download, answered once in a store."""

from collections.abc import Mapping

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.store import register
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.tasks.catalogue import dataset as entry


def restricted(plan: Plan) -> dict[str, str]:
    """Data set -> question, for those that the plan downloads from the hub under a restricting licence."""
    names = dict.fromkeys(step.args["dataset"] for step in plan.of_kind("features") if step.args["source"] == "hub")
    return {name: question for name in names if (question := entry(name)[1].restricted)}


def open_questions(plan: Plan, store: Store) -> dict[str, str]:
    """Those of `restricted` that nobody has answered yes to in this store; a changed question is asked again."""
    answered = _read(store)
    return {name: question for name, question in restricted(plan).items() if answered.get(name) != question}


def accept(store: Store, questions: Mapping[str, str]) -> None:
    """Record that these were answered yes to."""
    if questions:
        store.create()
        register.write(store, register.LICENCES, {**_read(store), **questions})


def refusal(questions: Mapping[str, str]) -> RecipeError:
    """The error of a run whose questions were not answered yes to."""
    lines = "\n".join(f"  {name}: {question}" for name, question in questions.items())
    return RecipeError(
        f"accept_licences: the licences of these data sets restrict their use:\n{lines}\nGive accept_licences if "
        "your use complies with all of them, or leave tasks out with targets and intermediate.tasks",
        ["accept_licences", "targets and"],
    )


def _read(store: Store) -> dict[str, str]:
    return register.read(store, register.LICENCES) or {}
