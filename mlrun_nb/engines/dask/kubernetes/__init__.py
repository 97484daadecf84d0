"""
A Dask cluster on Kubernetes as the place of many runs: a `DaskCluster` of ours, begun when it is wanted.

Any process of the same user finds it by its name. The operator makes its pods, and ends it when it has been idle; the
API server alone knows how it stands. Manifests and the words for what hinders a pod are those of `engines.kubernetes`.
"""
