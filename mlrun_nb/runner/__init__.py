"""
Executes one request: `python -m mlrun_nb.runner <run directory URL>`, the same on every engine.

Here belong reading the request, driving papermill, events, the executed notebook after every cell, the result
at the end, signals and exit codes, and what user code calls inside a run. It runs on the standard library,
papermill and ipykernel alone. Not here: a store, an engine, a terminal, trust in papermill's own status.

In doubt: does it have to happen in the pod too? Then here, and without a new import.
"""
