"""
Points that Optuna suggests, with its samplers and pruners; the only user of that library.

A sweep is a study, point *n* is its trial *n*. Not here: the loop that asks and tells (services), runs that are ended
early (engines).
"""
