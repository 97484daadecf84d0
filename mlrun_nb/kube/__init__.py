"""
The way to a Kubernetes cluster; the only importer of `kubernetes`.

Here belong transport and credentials, informers, exact resumption of logs, and the pure reading of what a
Job, its pods and its events say. Not here: what we send (the engines render their own objects) and what a
run's state becomes (services).

In doubt: would a program that has nothing to do with notebooks want it? Then it is here.
"""
