# tidy_table: written for the tests of the import
from mlrun.datastore import DataItem
from mlrun.execution import MLClientCtx


def needed(width: int, keep: float) -> int:
    return max(1, round(width * keep))


def tidy(context: MLClientCtx, table: DataItem, keep: float = 0.5):
    """Drop what is incomplete."""
    df = table.as_df()
    context.logger.info("read", rows=len(df), source=table.url)
    left = df.dropna(thresh=needed(df.shape[1], keep))
    context.log_result("dropped", len(df) - len(left))
    context.log_results({"rows": len(left), "share": len(left) / len(df)})
    context.log_dataset("tidied", df=left, format="csv", index=False)
    context.set_label("stage", "prepared")
