"""
Which points a sweep tries: one module per strategy, behind `protocols.strategy.Strategy`; and points read from a file.

Here belong the order of points, drawing them, and learning from those that have ended. Not here: starting a run
(services, engines), which run was the best (model.selection), what a value means for its parameter's type (notebook).

In doubt: would it be needed if all runs of a sweep ended at once and without a result? Then most likely it belongs
here.
"""
