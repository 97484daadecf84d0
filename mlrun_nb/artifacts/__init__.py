"""
What a run keeps: packagers (value to file and back) and where files lie; the only importer of fsspec.

Here belong formats, digests, sizes, atomic writing and reading by URL. Each library of a format is imported
only when a value of its type is there. Not here: which variables are outputs (notebook, runner), the record
of an artifact (stores).

In doubt: is it about bytes and where they lie? Here.
"""
