"""
One module per family of values, and how each becomes files and a value again.

A packager works on local files only; digests, names and places are its caller's business. It recognises a value
without importing the value's library, and imports it when it saves or loads. Which one is asked first: `registry`.

In doubt: would a new library's values need a new class? Then here, one class and one line in `registry`.
"""
