"""
The engine `dask`: a run is a task of a Dask cluster, an existing one or one that we start on this machine.

The task stands for the run in the cluster: it waits for a slot, starts a supervisor beside the worker, and lasts as
long as that. What is true of a run stands in its run directory, never in the memory of a scheduler, which forgets a
task as soon as it has ended. The only importer of `distributed`, and only where a cluster is spoken with.

In doubt: would it be true of any process on another machine? Then `engines.supervisor`.
"""
