"""
The seams of the product: what an engine, a store, a hub source and a strategy must do, and what each may rely on.

Read them to add a backend. Each protocol's guarantees are tests in `mlrun_nb.testing`: inherit the contract suite, give
it your implementation, and it gives a verdict. Errors are those of `mlrun_nb.errors`; no foreign exception passes.
"""
