"""The sentences of docs/calibration.md."""

from xtransfer_stats.stats.runlevel.runlevel import ALLOWANCE

HEAD = """# Calibration

How often is each method wrong when the truth is known? Simulated studies have the cells and weights of XTREME and
XTREME-R (Tatoeba by each benchmark's own protocol), task sets drawn as `xstats run` draws them, task counts 0, 3, 5, 9
and no true effect at all. This page is written by

    make calibration          # seed {root}; goes on where it stopped; ARGS="--workers 2" for two processes
    make calibration ARGS=--quick                        # 40 studies a cell, to see that it runs
    make calibration ARGS='--parts reml --only "5 seeds"'  # some cells; then --table-only for the page

{done} of {asked} cells are finished ({hours:.1f} hours of one core for these). Figures depend on the seed alone, not
on workers or order. Finished cells lie in benchmarks/calibration/cells: remove those that a change of the statistics
concerns.

- **Wrong**: a true null rejected at 5 %. For every method here that is linear in the scores this is also 100 less the
  coverage of its 95 % interval under any true effect, as an effect moves estimate and interval alike; so coverage is
  not simulated again.
- **G(k)**: the interaction at count k. **Steps**: of the official average of XTREME-R.
- **Bands**: 3.5 to 6.5 % where the generator meets the default's assumptions (the three set/run ratios, counts 0, 3,
  5, 9), at most 7 % elsewhere. The Monte-Carlo error is 0.15 at 20,000 studies, 0.3 at 5,000, 0.5 at 2,000 and 1.1 at
  400.
- Sds in points: seed 0.5, seed:task 0.5, run 0.4, fine-tuned model 0.5, residual 0.8; a set's are those of a run's mean
  over languages, on all tasks and within each, times the ratio.
- The embedded study's variances are those of the cell-level model that `xstats analyze` fits to `xstats run --seeds 5
  --tasks 3` (nested sets): seed 0.43, seed:task 0.65, set:task 3.66, residual 4.82 for the mean task (Mewsli-X 1.03,
  PAN-X 2.46, PAWS-X 5.36, Tatoeba 8.35, XCOPA 4.05, XNLI 5.12; other tasks 4.82), all else estimated as zero."""

PART_NOTES = {
    "runs": (
        "The default, on the runs' numbers",
        "All cells of both benchmarks; the runs' numbers go through RunLevel.",
    ),
    "bootstrap": (
        "Bootstrap over seeds",
        "199 replicates over seeds; percentile, BCa and studentised intervals of the product's own bootstrap.",
    ),
    "reml": (
        "REML on the runs' numbers",
        "Kenward-Roger, on the default's formula and with one variance for all runs.",
    ),
    "stacked": (
        "Wrong analyses, in closed form",
        "Eight languages. Stacked rows as replicates; and a cell-level model with (1 | run) as its only random term.",
    ),
    "cells": ("Cell-level models asked for G", "Six target tasks and six languages, as each study is fitted twice."),
    "product": ("The product's whole code", "Score frame, checks, result rows; eight languages, all target tasks."),
    "missing": (
        "Scores missing at random",
        "All 250 cells of both benchmarks; a true effect with sd 6 between target tasks and 3 between a task's "
        "languages, so that a lost cell moves the average. Wrong: the interval leaves out the official average's own.",
    ),
    "such": (
        "Scope such languages",
        "Eight languages with effects of their own on all tasks and within each, drawn anew in every study.",
    ),
    "such tasks": (
        "Scope such tasks",
        "Eight languages, all target tasks; the tasks' effects have sd 3 and mean zero and are drawn anew in every "
        "study, so that scope these, which is of the tasks drawn, misses zero and scope such tasks should not.",
    ),
    "languages": (
        "Language effects and terms of the cell-level model",
        "Six target tasks and six languages; every language's effect is a test, the terms are joint tests.",
    ),
    "shrunken": (
        "Rows drawn towards a mean",
        "All cells of both benchmarks. 95 % intervals of the cell-level model's shrunken rows that leave out the "
        "effects drawn: languages within their target tasks, and target tasks.",
    ),
    "exploratory": (
        "Rows of target tasks and languages",
        "All cells of both benchmarks, through the functions that make the rows; each row's own variance is what the "
        "moderated t replaces. Wrong answers, the effects drawn being the truth, of all rows and of the one whose "
        "estimates spread most (picked in each hundred studies by that, which itself adds a point or two). Any star: "
        "studies with a corrected p below 5 % where nothing is true. Then every second row has an effect of four of "
        "its standard errors: stars that are false, and, no error, true effects found.",
    ),
    "bayes": (
        "The Bayesian route",
        "All cells of both benchmarks, default priors. Entries: 95 % intervals that leave out the truth, in %, of the "
        "headline, of all target tasks and of all languages together; those of one study go together.",
    ),
    "pooled": (
        "Few seeds: errors pooled over counts",
        "The default beside the seed-paired t that it was; wrong answers, then, in rows that say so, how often each "
        "finds an effect.",
    ),
    "prediction": (
        "Where the next seed lands",
        "How often one more seed, with sets of its own, lies outside its prediction interval.",
    ),
    "families": (
        "Corrections of the interactions",
        "Whether any of the three interactions is called real, by Holm and by max-T with its 9,999 draws.",
    ),
    "welch": (
        "Two independent studies",
        "The difference of a study of 3, 5 or 10 seeds and another of ten, which share nothing.",
    ),
    "collapse": (
        "Collapsed trainings",
        "Eight languages. Intervals that miss the truth: of target tasks with collapses kept, whose truth is the mean "
        "over trainings that collapse and such that do not; and of the rows given no collapse, whose truth is zero.",
    ),
}

CLOSING = f"""## What follows

- **What this study changed in the default** (rows "default, uncorrected" show it without):
  - Crossed, few sets: with two df for sets (counts 0 and 3, three sets) and a large set variance, Satterthwaite's df
    reject too often. Where sets have fewer df than seeds, their mean square is enlarged by 1 + 2/df in the df formula.
  - Crossed, steps between two sampled counts: the mean square of sets says nothing of luck that a seed has at one
    count. What the seeds' own differences show beyond {ALLOWANCE:g} times the runs' mean square is added to the
    variance.
  - Nested, two to five seeds, several sampled counts: errors are pooled over the counts (part "Few seeds"). It finds
    more at the same level: 64 / 57 / 54 % at 3 / 4 / 5 seeds of what the paired t finds in half the studies. Cautious
    at two and three seeds (2 to 4 %), as Satterthwaite's df are; sets whose luck falls with the count stay below 6 %.
  - Nested, several sets a seed: independent draws give two seeds the same set at times. The variance that such sets
    share is added, from the spread between a seed's sets.
- **What stays off.** Crossed, step 3-5, luck of seed x count and no set variance at all: 7 to 8 % (14 % uncorrected).
  Crossed with additive set effects: 0 to 2 %, as balanced draws cancel what is additive over tasks (three sets of
  three are all nine) and the mean square of sets does not know. Scope such with three seeds: 0 to 3 %, as
  its df are the smaller of the runs' and the languages' there. These are cautious: intervals wider than need be.
- **Bootstrap over seeds.** Percentile and BCa reject 10 % at ten seeds and a quarter at three; the studentised one 16
  to 20 % at three seeds, 4 to 8 % from five on: hence from how many seeds each is offered.
- **Moderated variances** of target tasks and languages find 45 to 77 % of effects of four standard errors at three
  seeds and 70 to 90 % at five (nested) where each row's own variance finds 5 to 14 % and 49 to 56 %, rows being wrong
  in 3.0 to 6.5 % and stars false in 1 to 6 %. Where languages follow a run's luck unequally, the one that follows it
  most is wrong in up to 10 %. limma's prior alone, without the noise of cells behind it, is wrong in up to 20 % for the
  noisiest task.
- **The stacked analysis, (1 | run) alone and sets as fixed** are here to be seen, not used: how often they are wrong
  depends on variances that a reader does not know.
- **Nested draws.** A draw that gave no two seeds the same set would make the third correction needless."""
