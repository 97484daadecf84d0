"""Fields that have no place in a notebook of ours, with the reason and what to do; and those not worth a word."""

from __future__ import annotations

EMPTY: tuple[object, ...] = (None, "", [], {}, False, 0)
"""Values that say nothing."""

QUIET = frozenset(
    {
        "kind", "filename", "handler", "default_handler", "function_handler", "function_kind", "entry_points",
        "description", "returns", "parameters", "functionSourceCode", "origin_filename", "code_origin", "volume_mounts",
        "disable_auto_mount", "allow_empty_resources", "clone_target_dir", "reset_on_run", "customFields",
        "with_mlrun", "auto_build", "base_spec", "mode", "track_models", "remote", "image_pull_policy", "command",
        "args",
    }
)  # fmt: skip
"""Read elsewhere, or about the way in which MLRun itself works."""

_SPARK = (
    "there is no engine for Spark's operator",
    "Make the session in the code, with `master('local[*]')` to begin.",
)
_NUCLIO = ("a run is called once; there is nothing that waits for events", "Keep what has to listen in Nuclio.")
_GRAPH = (
    "graphs of steps are not mapped; the classes are in the notebook as code",
    "Call the steps one after the other in a `%%mlrun` cell.",
)

LEFT_OUT: dict[str, tuple[str, str]] = {
    "graph": _GRAPH,
    "function_refs": _GRAPH,
    "graph_initializer": _GRAPH,
    "error_stream": _GRAPH,
    "class_name": _GRAPH,
    "default_class": _GRAPH,
    "triggers": _NUCLIO,
    "config": _NUCLIO,
    "max_replicas": _NUCLIO,
    "driver_resources": _SPARK,
    "executor_resources": _SPARK,
    "job_type": _SPARK,
    "main_class": _SPARK,
    "deps": _SPARK,
    "spark_conf": _SPARK,
    "hadoop_conf": _SPARK,
    "sparkApplication": _SPARK,
    "use_default_image": _SPARK,
    "spark_version": _SPARK,
    "python_version": _SPARK,
    "task_parameters": (
        "there is no engine for Databricks",
        "Run it here, or where a session of Databricks Connect can be made.",
    ),
    "scheduler_resources": (
        "the scheduler of a cluster takes what it needs",
        "Nothing; or a pod template of your own.",
    ),
    "service_type": ("a Dask cluster is reached through its engine", "See docs/how-to/dask.md."),
    "node_port": ("a Dask cluster is reached through its engine", "See docs/how-to/dask.md."),
    "workdir": (
        "a run works in the folder of its notebook",
        "Put the notebook there, or `os.chdir` in its first cell.",
    ),
    "pythonpath": ("a run finds modules beside its notebook", "Put them there; they travel with the function."),
    "mpi_args": ("ranks are started without `mpirun`", "Set what they need with `--env`."),
    "security_context": ("it has no option", "Give it with `--pod-patch`."),
    "hyperparams": ("a function has no points of its own", "Try them with `mlrun-nb sweep NOTEBOOK --param-grid …`."),
    "schedule": ("runs are not scheduled here", "Have cron or CI type `mlrun-nb run`."),
    "notifications": ("nobody is notified", "Use the exit code of `mlrun-nb run` where it is started."),
    "secret_sources": ("secrets of a project lie on MLRun's server", "Give them as `--secret NAME=env:NAME`."),
    "auth": ("there is nothing that is called over HTTP", "Nothing; a run is started by its owner."),
    "extra_spec": ("it is about a template of MLRun's hub", "Look at what it means there."),
    "spec.build.base_image": (
        "images are not built as a run starts",
        "Give it to `mlrun-nb image build --base IMAGE`, or as `--image`.",
    ),
    "spec.build.source": (
        "code in an archive or repository is not fetched",
        "Get it, and put its modules beside the notebook: they travel with the function.",
    ),
    "spec.build.extra": ("it is a part of a Dockerfile", "Put it into an image of your own."),
    "spec.build.secret": ("it is for MLRun's builder", "Give the Secret for pulling as `--pull-secret`."),
}
