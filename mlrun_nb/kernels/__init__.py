"""
How a kernel comes to life: the pre-imported process that runs are forked from, the provisioner.

Here belong process start, readiness and hand-over of a kernel. Not here: what the kernel executes (runner),
kernel specifications (data, in the top-level folder `kernels/`), limits and time-outs (engines).

In doubt: is it over once the kernel answers? Then here.
"""
