"""
The engine `kubernetes`: a run is a Job, and what it needs travels with it.

`manifest` says what a Job looks like and `delivery` what it carries, both pure; `bootstrap` is what its container
executes first. `mirror` brings home what a run writes, so that everybody reads it from the run directory; `sight` says
what is known of a run. Not here: how a cluster is spoken to and what its words mean (`kube`).

In doubt: does it name a Job, or something in its pod? Then it is here.
"""
