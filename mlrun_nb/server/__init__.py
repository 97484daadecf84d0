"""
The Jupyter server's entry: `/mlrun-nb/api/…` and the events that the panel listens to.

Here belong routes, authorisation, JSON encoding, cursor pages and problem+json. Not here: a use case of its
own; each handler calls a service or a verb in a thread and writes down what it got. Nothing here unpickles
what a run left.

In doubt: would it still be needed if the panel spoke to the command line? Then it belongs to `services` or
`commands`.
"""
