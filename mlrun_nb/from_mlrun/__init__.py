"""
What code written for MLRun finds here where MLRun is not: its context, its data items, and a package of its name.

Lives in the kernel of a run, so it has to be light, and it reaches the run through `runner.inside` alone. Here belongs
how a call of MLRun is answered. Not here: reading MLRun's files and writing notebooks from them (`imports`).

In doubt: does it do more than the names say in MLRun? Then it belongs elsewhere. What MLRun has and this has not is an
error in our words, where it is used.
"""
