"""The sentences of docs/calibration.md."""

HEAD = """# Calibration

How often is each method wrong when the truth is known? Simulated studies have the cells and weights of XTREME and
XTREME-R (Tatoeba by each benchmark's own protocol), task sets drawn as `xstats run` draws them, task counts 0, 3, 5, 9
and no true effect at all. This page is written by

    make calibration          # seed {root}; goes on where it stopped; ARGS="--workers 2" for two processes
    make calibration ARGS=--quick

{done} of {asked} cells are finished ({hours:.1f} hours of one core so far). Figures depend on the seed alone, not on
workers or order.

- **Wrong**: a true null rejected at 5 %. For every method here that is linear in the scores this is also 100 less the
  coverage of its 95 % interval under any true effect, as an effect moves estimate and interval alike; so coverage is
  not simulated again.
- **G(k)**: the interaction at count k. **Steps**: of the official average of XTREME-R.
- **Bands**: 3.5 to 6.5 % where the generator meets the default's assumptions (the three set/run ratios, counts 0, 3,
  5, 9), at most 7 % elsewhere. The Monte-Carlo error is 0.15 at 20,000 studies, 0.5 at 2,000 and 1.1 at 400.
- Sds in points: seed 0.5, seed:task 0.5, run 0.4, fine-tuned model 0.5, residual 0.8; a set's are those of a run's mean
  over languages, on all tasks and within each, times the ratio."""

PART_NOTES = {
    "runs": (
        "The default, on the runs' numbers",
        "All cells of both benchmarks; the runs' numbers go through RunLevel.",
    ),
    "bootstrap": (
        "Bootstrap over seeds",
        "199 replicates over seeds; percentile and BCa by scipy. Stand-ins for the product's own routes.",
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
    "such": (
        "Scope such languages",
        "Eight languages with effects of their own on all tasks and within each, drawn anew in every study.",
    ),
    "languages": (
        "Language effects and terms of the cell-level model",
        "Six target tasks and six languages; every language's effect is a test, the terms are joint tests.",
    ),
}

CLOSING = """## What follows

- **What this study changed in the default** (rows "default, uncorrected" show it without):
  - Crossed, few sets: with two df for sets (counts 0 and 3, three sets) and a large set variance, Satterthwaite's df
    reject too often. Where sets have fewer df than seeds, their mean square is enlarged by 1 + 2/df in the df formula.
  - Crossed, steps between two sampled counts: the mean square of sets says nothing of luck that a seed has at one
    count. What the seeds' own differences show beyond 1.25 times the runs' mean square is added to the variance.
  - Nested, several sets a seed: independent draws give two seeds the same set at times. The variance that such sets
    share is added, from the spread between a seed's sets.
- **Additive sets.** Balanced draws cancel what is additive over tasks (three sets of three are all nine), so the
  crossed default is cautious there: its interval is wider than need be.
- **Percentile, BCa and studentised bootstrap** reach 5 % at none of these numbers of seeds but, nearly, the studentised
  one from five on: hence its limits in the product.
- **The stacked analysis, (1 | run) alone and sets as fixed** are here to be seen, not used: what they reject depends on
  variances that a reader does not know."""
