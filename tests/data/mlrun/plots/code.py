import matplotlib
import mlrun
import mlrun.artifacts.plotting
from matplotlib.figure import Figure
from mlrun.utils import logger


def draw(context: mlrun.MLClientCtx, data: mlrun.DataItem, extra: mlrun.DataItem = None, title: str = ""):
    table = data.as_df(columns=["y"])
    figure = Figure()
    figure.subplots().plot(table["y"])
    artifact = context.log_artifact(mlrun.artifacts.PlotArtifact("line", body=figure, title=title))
    context.log_artifact("page", body="<h1>line</h1>", format="html")
    logger.warning("drawn %s", artifact.key)
    context.log_result("has_extra", extra is not None)
    if extra is not None:
        context.log_result("extra_rows", len(extra.as_df()))
