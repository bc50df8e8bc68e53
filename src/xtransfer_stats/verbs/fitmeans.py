"""What users ask of a fitted formula about its fixed effects: tests of terms, marginal means, slopes, contrasts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit.anova import term_tests
from xtransfer_stats.mixedmodels.postfit.contrasts import Coefficients
from xtransfer_stats.mixedmodels.postfit.marginalmeans import Names, marginal_means, slopes
from xtransfer_stats.mixedmodels.postfit.referencegrid import WEIGHTS
from xtransfer_stats.verbs.fitanswers import EstimatesAnswer, FitAnswer, estimates_answer, tests_answer

REFERENCE = "reference"


class AnswersOfMeans:
    """The part of a fit's result that answers questions about its fixed effects.

    fitted: the fit. method: of errors and degrees of freedom, kenward_roger or satterthwaite, as the fit was asked for.
    """

    fitted: FormulaFit
    method: str

    def anova(self, type: int = 3) -> FitAnswer:
        """F test of every term: type 3 (each after all others, factors coded to sum to zero) or 2 (marginal).

        As car's Anova(test.statistic = "F") on contr.sum. A type III test does not depend on the coding in the formula;
        where a covariate is in an interaction, the factor is tested where the covariate is 0.
        """
        return tests_answer(term_tests(self.fitted, type, self.method), self.fitted.formula)

    def marginal_means(
        self,
        of: Names,
        by: Names = (),
        *,
        at: Mapping[str, Any] | None = None,
        weights: str = "equal",
        back: bool = False,
    ) -> EstimatesAnswer:
        """Expected responses at each level of some factors, averaged over the others, as emmeans gives them.

        of: "condition", "a:b", "condition | language" (within each language), or a list of names. by: the names after
        the bar. at: values of predictors, such as {"x": [0, 1], "language": ["de", "sw"]}; a covariate has its mean
        otherwise, and one of two values counts as a factor. weights of the levels averaged over: "equal",
        "proportional" (rows at each combination of them), "outer" (product of each factor's rows), "cells" (rows of
        each cell). back: on the scale of the response that the formula transforms; contrasts of logarithms are ratios.

        `.contrasts()` of the answer compares them. A mean that the rows do not determine is NaN, with a note. Raises
        FitError for names and values that the fit does not have.
        """
        method = self.method
        return estimates_answer(marginal_means(self.fitted, of, by, method=method, at=at, weights=weights, back=back))

    def slopes(
        self, of: str, by: Names = (), *, at: Mapping[str, Any] | None = None, weights: str = "equal"
    ) -> EstimatesAnswer:
        """Slopes of a covariate at each level of some factors, as emtrends: "x", or "x | g" for by="g".

        A curve has its slope at the covariate's mean, or where `at` says. `.contrasts()` compares them.
        """
        return estimates_answer(slopes(self.fitted, of, by, method=self.method, at=at, weights=weights))


@dataclass(frozen=True)
class MeansRequest:
    """What the command line asks: the type of tests, texts of means and slopes, and how they are made.

    at: texts such as x=0,1. contrasts: pairwise, reference, reference=LEVEL, consecutive, or weights such as
    1,-0.5,-0.5 or NAME=1,-1,0;NAME=... Raises RecipeError for texts that cannot be read and options that nothing is
    asked with.
    """

    tests: int | None = None
    means: Sequence[str] = ()
    slopes: Sequence[str] = ()
    contrasts: str | None = None
    adjust: str | None = None
    at: Sequence[str] = ()
    average: str | None = None
    back: bool = False

    def __post_init__(self) -> None:
        _require_used(self)
        values_at(self.at)
        contrast_kind(self.contrasts or "")


@dataclass(frozen=True)
class MeansAnswers:
    """tests: of terms, where asked for. means, slopes: each with its contrasts, where asked for."""

    tests: FitAnswer | None
    means: tuple[tuple[EstimatesAnswer, EstimatesAnswer | None], ...]
    slopes: tuple[tuple[EstimatesAnswer, EstimatesAnswer | None], ...]

    def __iter__(self) -> Iterator[FitAnswer]:
        """Every answer, in the order in which they are shown."""
        found = [self.tests, *(one for pair in (*self.means, *self.slopes) for one in pair)]
        return (one for one in found if one is not None)

    def to_dict(self) -> dict[str, Any]:
        """For machines: tests, means and slopes; each a caption, notes and rows, and the contrasts of the last two.

        Empty where nothing was asked.
        """
        if not any(True for _ in self):
            return {}

        def pairs(found: Sequence[tuple[EstimatesAnswer, EstimatesAnswer | None]]) -> list[dict[str, Any]]:
            return [one.to_dict() | {"contrasts": None if other is None else other.to_dict()} for one, other in found]

        tests = None if self.tests is None else self.tests.to_dict()
        return {"tests": tests, "means": pairs(self.means), "slopes": pairs(self.slopes)}


def answers(fit: AnswersOfMeans, request: MeansRequest) -> MeansAnswers:
    """The answers of each kind, in the order asked."""
    at, weights = values_at(request.at), request.average or "equal"
    kind, reference = contrast_kind(request.contrasts or "")

    def compared(one: EstimatesAnswer) -> tuple[EstimatesAnswer, EstimatesAnswer | None]:
        return one, one.contrasts(kind, reference=reference, adjust=request.adjust) if kind else None

    means = [fit.marginal_means(one, at=at, weights=weights, back=request.back) for one in request.means]
    inclines = [fit.slopes(one, at=at, weights=weights) for one in request.slopes]
    tests = None if request.tests is None else fit.anova(request.tests)
    return MeansAnswers(tests, tuple(map(compared, means)), tuple(map(compared, inclines)))


def _require_used(request: MeansRequest) -> None:
    """Refuse options of means without any: they would be ignored."""
    given = {"contrasts": request.contrasts, "at": request.at, "average": request.average, "back": request.back}
    for name, value in given.items():
        if value and not (request.means or request.slopes):
            raise RecipeError(f"--{name} goes with --means or --slopes: leave it out, or ask for one")
    if request.average and request.average not in WEIGHTS:
        raise RecipeError(f"--average {shown(request.average)}: choose {', '.join(WEIGHTS)}")
    if request.back and not request.means:
        raise RecipeError("--back goes with --means: slopes stand on the scale of the model")
    if request.adjust and not request.contrasts:
        raise RecipeError("--adjust goes with --contrasts: leave it out, or ask for contrasts such as pairwise")


def values_at(texts: Sequence[str]) -> dict[str, list[str]]:
    """Predictors and values of texts such as x=0,1; a name given twice has the values of both."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals or not name.strip() or not values.strip():
            raise RecipeError(f"--at {shown(text)}: give a name and values such as x=0,1 or language=de,sw")
        found.setdefault(name.strip(), []).extend(part.strip() for part in values.split(","))
    return found


def contrast_kind(text: str) -> tuple[str | Coefficients, str | None]:
    """Kind, or weights by name, and the reference of a text of --contrasts."""
    name, _, level = text.partition("=")
    if name.strip() == REFERENCE and level:
        return REFERENCE, level.strip()
    if not any(letter.isdigit() for letter in text.rpartition("=")[2]):
        return text.strip(), None
    found = {}
    for part in filter(str.strip, text.split(";")):
        label, _, weights = part.rpartition("=")
        try:
            found[label.strip() or f"weights {weights.strip()}"] = [float(one) for one in weights.split(",")]
        except ValueError:
            raise RecipeError(
                f"--contrasts {shown(text)}: give pairwise, reference, reference=LEVEL, consecutive, or weights such "
                "as 1,-0.5,-0.5 or NAME=1,-1,0;NAME=0,1,-1"
            ) from None
    return found, None
