"""Errors name arguments; the command line writes its options for them, and touches no other word."""

import pickle

from xtransfer_stats.base.errors import RecipeError


def test_declared_arguments_become_options():
    error = RecipeError("sd_set and sd_run: give both; sd_settled stays, margin too", ["sd_set", "sd_run"])
    assert str(error).startswith("sd_set and sd_run")
    assert error.in_options() == "--sd-set and --sd-run: give both; sd_settled stays, margin too"


def test_a_phrase_tells_an_argument_from_the_same_word_beside_it():
    error = RecipeError("store 'store': no store there", ["store 'store'"])
    assert error.in_options() == "--store 'store': no store there"


def test_a_message_without_arguments_stays_as_it_is():
    assert RecipeError("seeds = 0: give 1 or more").in_options() == "seeds = 0: give 1 or more"


def test_an_error_from_another_process_keeps_its_arguments():
    error = pickle.loads(pickle.dumps(RecipeError("margin -1: give more", ["margin"])))
    assert error.in_options() == "--margin -1: give more"
