"""Questions in SQuAD's layout -> examples: which can be used, and what the others lack."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from xtransfer_stats.sources.answers import astray, placed
from xtransfer_stats.sources.files.squad_layout import Question
from xtransfer_stats.sources.source import Portion, SpanQA


class _State(StrEnum):
    ANSWERED = "answered"
    IMPOSSIBLE = "impossible"
    UNLABELLED = "without a gold answer"
    CONTRADICTION = "both marked impossible and answered"


_DROPPED = (_State.CONTRADICTION,)


def portion(questions: Sequence[Question]) -> Portion:
    """The usable questions, with what is wrong in the others; offsets are code points, U+FEFF among them.

    Without any gold, all questions are kept as unlabelled (XTREME's download has answers "" at 0). Beside gold, those
    without are dropped: a question without answers would pass for an unanswerable one.
    """
    states = [_state(question) for question in questions]
    labelled = any(state in (_State.ANSWERED, _State.IMPOSSIBLE) for state in states)
    out = {*_DROPPED, _State.UNLABELLED} if labelled else set(_DROPPED)
    kept = [question for question, state in zip(questions, states, strict=True) if state not in out]
    unlabelled = 0 if labelled else states.count(_State.UNLABELLED)
    return Portion(tuple(map(_example, kept)), unlabelled=unlabelled, problems=_problems(questions, states, labelled))


def _state(question: Question) -> _State:
    told = any(answer.text for answer in question.answers)
    if question.impossible:
        return _State.CONTRADICTION if told else _State.IMPOSSIBLE
    if not told:
        return _State.UNLABELLED
    return _State.ANSWERED


def _example(question: Question) -> SpanQA:
    return SpanQA(
        question.key, question.text, question.context, placed(question.answers, question.context), question.paragraph
    )


def _problems(questions: Sequence[Question], states: Sequence[_State], labelled: bool) -> tuple[str, ...]:
    count = Counter(states)
    found = [f"{count[state]} question(s) {state}: dropped" for state in _DROPPED if count[state]]
    if count[_State.UNLABELLED]:
        missing = f"{count[_State.UNLABELLED]} question(s) {_State.UNLABELLED}"
        found.append(f"{missing}: dropped" if labelled else f"{missing} (the answers are empty): unlabelled")
    answered = [q for q, state in zip(questions, states, strict=True) if state is _State.ANSWERED]
    found += astray([(question.answers, question.context) for question in answered])
    same = sum(question.key != question.id for question in questions)
    if same:
        found.append(f"{same} question(s) share their id with another: named id@number, by their place in the file")
    return tuple(found)
