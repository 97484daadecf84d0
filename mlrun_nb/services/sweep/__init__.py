"""
Sweeps: a parent run that tries many points of a parameter space, each as a run of its own, its children.

`planning` checks what was asked and submits the parent, whose driver (`__main__`, under the supervisor of engine
`local`) starts children and records them, goes on after any death where it was, and leaves the best child's outcome as
the parent's own.
"""
