"""What few seeds can attain: the figures of the design notes, and the sign-flip test by brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtransfer_stats.stats.core.signflip import attainability_note, seeds_needed, sign_flip_p, smallest_sign_flip_p


def test_figures_of_the_design_notes():
    assert smallest_sign_flip_p(3) == 0.25
    assert smallest_sign_flip_p(5) == 0.0625
    assert seeds_needed(0.05, 3) == 7
    assert seeds_needed(0.05) == 6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-3, 3).map(lambda x: round(x, 2)), min_size=1, max_size=8))
def test_sign_flip_is_full_enumeration(differences):
    sums = [abs(np.dot(signs, differences)) for signs in product((1, -1), repeat=len(differences))]
    hits = sum(value >= abs(sum(differences)) - 1e-9 for value in sums)
    assert sign_flip_p(differences) == pytest.approx(hits / 2 ** len(differences))


def test_equal_signs_give_the_smallest_p():
    assert sign_flip_p([0.3, 0.1, 0.7, 0.2, 0.9]) == smallest_sign_flip_p(5)


def test_note_says_how_many_seeds_are_needed():
    note = attainability_note(5, 3, 0.05)
    assert "0.0625" in note
    assert "7 seeds" in note
    assert "rest on the normal" not in attainability_note(7, 3, 0.05)


def test_too_many_seeds_to_enumerate_is_nan():
    assert np.isnan(sign_flip_p(np.ones(30)))
