"""
Where runs are started: one module or folder per engine, behind `protocols.engine.Engine`.

Here belong starting the runner somewhere, observing it, reading what it wrote, cancelling it, and saying
beforehand which settings will not be enforced. Not here: the record of runs (an engine never touches a
store), retries of another engine, what the runner does once started.

In doubt: does the contract suite in `mlrun_nb.testing` prove it for every engine? If it should and does not,
start there.
"""
