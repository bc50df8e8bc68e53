"""The mean over checkpoints that share seeds: a two-way table of contrasts, its error by mean squares.

Of checkpoint c and seed s, x_cs = mu + C_c + S_s + e_cs, one number a pair: the seed's own contrast of task counts, its
task sets the same under every checkpoint. Multi-bootstrap's question (Sellam et al. 2022): what of the mean over such
checkpoints and such seeds? Var(mean) = (S var C + K var S + var e) / (K S), whose unbiased estimate is
(MS_C + MS_S - MS_e) / (K S); the mean squares have K - 1, S - 1 and (K - 1)(S - 1) df.
"""

import numpy as np
from scipy import stats

from xtransfer_stats.stats.comparison.several.randomeffects import PooledMean, Spread
from xtransfer_stats.stats.core.inference import Array, cautious_df


def crossed_mean(table: Array, alpha: float) -> PooledMean:
    """The mean over a table (checkpoints, seeds), each at least 2.

    The variance is never below that of any one mean square alone. Its df are Satterthwaite's of the two mean squares
    that add, the one with fewer df enlarged (`cautious_df`); docs/compare.md has the error rates. The spread's test is
    F = MS_C / MS_e; the interval of var C / var e is that of F, exact under normality, and tau's limits are it times
    MS_e.
    """
    K, S = table.shape
    mean, of_checkpoint, of_seed = table.mean(), table.mean(axis=1), table.mean(axis=0)
    left = table - of_checkpoint[:, None] - of_seed + mean
    checkpoint, seed = S * of_checkpoint.var(ddof=1), K * of_seed.var(ddof=1)
    error = float((left**2).sum() / ((K - 1) * (S - 1)))
    total = max(checkpoint + seed - error, checkpoint, seed, error)
    parts = sorted(((K - 1, checkpoint), (S - 1, seed)))
    squares, dfs = np.array([[square] for _, square in parts]), np.array([[float(df)] for df, _ in parts])
    df = float(cautious_df(squares, dfs)[0])
    std_error = float(np.sqrt(total / (K * S)))
    spread = _spread(float(checkpoint), error, (K, S), alpha, float(mean), std_error)
    return PooledMean(float(mean), std_error, df, spread)


def _spread(
    checkpoint: float, error: float, size: tuple[int, int], alpha: float, mean: float, std_error: float
) -> Spread:
    K, S = size
    dfs = K - 1, (K - 1) * (S - 1)
    half, ratios, F, p = np.nan, np.full(3, np.nan), np.nan, np.nan
    if error > 0:
        F = checkpoint / error
        p = float(stats.f.sf(F, *dfs))
        ratios = np.maximum(0.0, (F / np.array([1.0, *stats.f.ppf([1 - alpha / 2, alpha / 2], *dfs)]) - 1) / S)
        half = stats.t.ppf(1 - alpha / 2, K - 2) * np.sqrt(ratios[0] * error + std_error**2) if K > 2 else np.nan
    tau, tau_low, tau_high = map(float, np.sqrt(ratios * error))
    share, share_low, share_high = map(float, ratios / (1 + ratios))
    return Spread(
        tau=tau,
        tau_low=tau_low,
        tau_high=tau_high,
        share=share,
        share_low=share_low,
        share_high=share_high,
        statistic=F,
        df=float(dfs[0]),
        df_error=float(dfs[1]),
        p_value=p,
        predict_low=mean - float(half),
        predict_high=mean + float(half),
    )
