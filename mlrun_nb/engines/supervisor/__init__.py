"""
The process that stands over one local run: starts the runner, keeps its limits, tries again, and speaks for the dead.

It lives in a session of its own and starts with every run, so it imports the standard library and `_lib` alone, and
`model` only once the runner is started. Private files lie in `<run directory>/supervisor/`. Not here: what the engine
`local` says to its callers, and anything that the runner can do by itself.

In doubt: must it still happen when the runner was killed? Then here.
"""
