import json
import os

import pandas as pd
from mlrun.artifacts import PlotArtifact, TableArtifact, get_model
from mlrun.frameworks.sklearn import apply_mlrun


def fitted(df: pd.DataFrame, label: str):
    (feature,) = [name for name in df.columns if name != label]
    slope = ((df[feature] - df[feature].mean()) * (df[label] - df[label].mean())).sum()
    return slope / ((df[feature] - df[feature].mean()) ** 2).sum()


def train(context, dataset, label_column="y", model_name: str = "line", automatic: bool = False, model_path="models"):
    df = context.get_input("dataset").as_df()
    slope = float(fitted(df, label_column))
    if automatic:
        apply_mlrun(model=slope, context=context)
    folder = os.path.join(context.artifact_path, model_path)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "line.json"), "w") as file:
        json.dump({"slope": slope}, file)
    context.log_model(
        model_name,
        model_dir=folder,
        model_file="line.json",
        metrics={"error": 0.0},
        framework="none",
        training_set=df,
        extra_data={"table": TableArtifact("table", df=df)},
    )
    context.log_artifact(TableArtifact("points", df=df))
    path, _, _ = get_model(folder, suffix=".json")
    context.log_result("slope", json.load(open(path))["slope"])
    context.log_result("rows_of", {"train": len(df)})
    dataset.show()
