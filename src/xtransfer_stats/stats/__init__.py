"""The statistics of multi-seed transfer studies: no input, no output, no printing, no torch."""
