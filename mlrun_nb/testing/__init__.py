"""
For those who write a back end, and for our tests: contract suites, builders, a scripted engine, a told clock.

An author of an engine, store, packager or hub inherits a suite and gets a verdict. Public, so its names are kept like
an API's. May import everything below `commands`; nothing of the product imports it. Not here: our own tests
and their fixtures (`tests/`).

In doubt: would a third party's test need it? Then here.
"""
