"""
Pure functions over notebooks and cells: read, parse, capture, digest, compose, diff.

They take text and records and give records back: no kernel, no disk, no network, no clock. Of IPython only
`IPython.core.inputtransformer2` is imported. Not here: live values (magics hand them in), execution (runner).

In doubt: can a property test feed it random cells in a millisecond? If not, it does not belong here.
"""
