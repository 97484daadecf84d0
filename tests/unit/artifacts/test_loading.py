"""References into values: by digest, by suffix, and never a pickle because of its name."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlrun_nb.artifacts.blobs import Blobs
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.loading import load_artifact, load_reference
from mlrun_nb.artifacts.saving import save_value
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.artifact import InputReference


def test_a_users_file_is_what_its_suffix_says(tmp_path):
    """Tables, arrays, plain data and texts; any other file is its path."""
    frame = pd.DataFrame({"a": [1, 2]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_csv(tmp_path / "t.tsv.gz", index=False, sep="\t")
    frame.to_parquet(tmp_path / "t.parquet")
    np.save(tmp_path / "a.npy", [1, 2])
    (tmp_path / "j.json").write_text('{"x": [1]}')
    (tmp_path / "n.txt").write_text("ü", encoding="utf-8")
    (tmp_path / "b.dat").write_bytes(b".")
    values = {path.name: load_reference(InputReference(uri=str(path))) for path in tmp_path.iterdir()}
    assert all(values[name].equals(frame) for name in ("t.csv", "t.tsv.gz", "t.parquet"))
    assert (values["a.npy"].tolist(), values["j.json"], values["n.txt"]) == ([1, 2], {"x": [1]}, "ü")
    assert (values["b.dat"], load_reference(InputReference(uri=str(tmp_path)))) == (tmp_path / "b.dat", tmp_path)


@pytest.mark.parametrize("name", ["m.pkl", "m.pickle", "m.joblib", "m.pt", "m.pkl.gz"])
def test_a_pickle_is_not_read_because_of_its_name(tmp_path, name):
    """It would run code."""
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'touch owned'\ntR.")
    with pytest.raises(ArtifactError, match="runs code when it is read"):
        load_reference(InputReference(uri=str(tmp_path / name)))


def test_a_changed_file_is_not_loaded(tmp_path):
    """The digest is verified before a reader sees a byte."""
    artifact = save_value({"a": 1}, open_folder(tmp_path), "x").artifact
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(ArtifactError, match="is not what was saved"):
        load_artifact(artifact)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uri": "/nowhere/x.json"}, "there is no file"),
        ({"kind": "nonsense"}, "no packager `nonsense`"),
        ({"kind": "npy", "digest": ""}, "cannot be read as npy"),
    ],
)
def test_what_cannot_be_loaded_says_why(tmp_path, change, reason):
    """One error class, whatever the reader raised."""
    artifact = save_value({"a": 1}, open_folder(tmp_path), "x").artifact
    with pytest.raises(ArtifactError, match=reason):
        load_artifact(replace(artifact, **change))


def test_a_value_behind_a_url_is_loaded(tmp_path):
    """Through a local copy that is gone afterwards, except for files."""
    url = f"memory://{uuid.uuid4().hex}"
    frame = save_value(pd.DataFrame({"a": [1]}), open_folder(url), "t").artifact
    (tmp_path / "x.bin").write_bytes(b"123")
    file = save_value(tmp_path / "x.bin", open_folder(url), "x").artifact
    assert frame.uri == f"{url}/t.parquet"
    assert load_artifact(frame).equals(pd.DataFrame({"a": [1]}))
    assert load_artifact(file).read_bytes() == b"123"


@pytest.mark.parametrize("kind", ["directory", "memory"])
def test_a_value_is_stored_once(tmp_path, kind):
    """Equal values have one reference and one file, in any store."""
    folder = open_folder(tmp_path if kind == "directory" else f"memory://{uuid.uuid4().hex}")
    blobs = Blobs(folder)
    one = blobs.put(pd.DataFrame({"a": [1]}), name="df")
    two = Blobs(folder).put(pd.DataFrame({"a": [1]}), name="other")
    assert one == two
    assert len(folder.names()) == 1
    assert blobs.get(one).equals(pd.DataFrame({"a": [1]}))


def test_two_writers_at_once_do_no_harm(tmp_path):
    """Both get the same reference to a whole file."""
    blobs, references = Blobs(open_folder(tmp_path)), []
    threads = [threading.Thread(target=lambda: references.append(blobs.put(b"x" * 100_000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(set(map(str, references))), len(open_folder(tmp_path).names())) == (1, 1)
    assert blobs.get(references[0]) == b"x" * 100_000


def test_a_damaged_blob_is_stored_anew(tmp_path):
    """A file of the right name and the wrong size is replaced."""
    blobs = Blobs(open_folder(tmp_path))
    reference = blobs.put({"a": 1})
    Path(reference.uri).write_text("{")
    assert blobs.get(blobs.put({"a": 1})) == {"a": 1}
