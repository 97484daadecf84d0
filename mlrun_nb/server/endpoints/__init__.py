"""
What each route does: ask a service or a verb, and write down what it said in the shapes of the wire.

Here belong functions from a `Call` to a shape. Not here: a rule of the product (`services`, `commands`), and
anything that knows HTTP (`handler`).

In doubt: would the command line need it too? Then it belongs below.
"""
