"""Masks for masked language modelling, drawn once, when a text is encoded.

As in Devlin et al. 2019 (arXiv 1810.04805), section 3.1: 15 % of the tokens; of these 80 % become the mask, 10 %
another token, 10 % stay. Drawn once, so frozen layers can be cached for this family like for any other;
XLM-R itself draws them anew in each pass.
"""

import numpy as np

CHOSEN, MASKED, REPLACED = 0.15, 0.8, 0.1


def masked(
    ids: list[int], special: set[int], used: np.ndarray, mask: int, random: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Return what the encoder reads, and the piece that stood at each chosen token (-1 elsewhere).

    `used` are the pieces that may replace one; special tokens are never chosen.
    """
    places = [place for place, piece in enumerate(ids) if piece not in special]
    count = min(len(places), max(1, round(CHOSEN * len(places))))
    shown, gold = list(ids), [-1] * len(ids)
    for place in random.choice(places, count, replace=False) if places else ():
        gold[place], fate = ids[place], random.random()
        if fate < MASKED + REPLACED:
            shown[place] = mask if fate < MASKED else int(random.choice(used))
    return shown, gold
