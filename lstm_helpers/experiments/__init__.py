"""Recorded experiments: what takes longer than a learner waits is run once, and all its rows are kept beside it.

One module each, with a table of the same name: `gap` and `gap.csv`. A module holds what was tried (`EXPERIMENT.grid`), how one
trial goes (`trial`), and the rule by which each model's learning rate is chosen. `python3 run.py experiments` records them.
"""
