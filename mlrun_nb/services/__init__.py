"""
Use cases, one module each: register, submit, reconcile, history, gc and others.

Here belongs everything that needs an engine and a store at once. Services know the protocols and receive what
implements them; they name no back end. `reconcile` is the only writer of a run's state. Not here: SQL,
processes, notebooks' syntax, words for people.

In doubt: could it be tested with the in-memory store and a scripted engine? It should be.
"""
