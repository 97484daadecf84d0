"""What is kept of objects that are there, and of those that are gone."""

from __future__ import annotations

from datetime import timedelta

from mlrun_nb.kube import snapshot
from mlrun_nb.kube.cache import ObjectCache
from mlrun_nb.kube.objects import name_of
from mlrun_nb.kube.snapshot import Seen
from tests.unit.kube.cases import NOW, ago


def thing(name: str, uid: str = "", *, owner: str = "", age_s: float = 60, prefix: str = "batch.kubernetes.io/"):
    """Return an object; with *owner*, a pod of Job `train`."""
    labels = {f"{prefix}job-name": "train", f"{prefix}controller-uid": owner} if owner else {}
    return {"metadata": {"name": name, "uid": uid or name, "creationTimestamp": ago(age_s), "labels": labels}}


def cache(*, keep_s: float = 100, keep_count: int = 10) -> ObjectCache:
    """Return an empty cache."""
    return ObjectCache(keep_s=keep_s, keep_count=keep_count)


def names(seen) -> list[str]:
    """Return the names of what was *seen*, with a minus before those gone."""
    return [("-" if each.gone else "") + name_of(each.thing) for each in seen]


def test_the_last_state_of_a_deleted_object_is_kept():
    """Nobody else has it."""
    kept = cache()
    kept.put(thing("a"))
    kept.remove({**thing("a"), "status": {"phase": "Failed"}}, NOW)
    assert names(kept.all(NOW)) == ["-a"]
    assert kept.all(NOW)[0].thing["status"] == {"phase": "Failed"}


def test_a_deleted_object_is_forgotten_after_a_while():
    """And of many the oldest first."""
    kept = cache(keep_s=100, keep_count=2)
    for number in range(4):
        kept.remove(thing(f"p{number}"), NOW + timedelta(seconds=number))
    assert names(kept.all(NOW + timedelta(seconds=4))) == ["-p2", "-p3"]
    assert names(kept.all(NOW + timedelta(seconds=102.5))) == ["-p3"]
    assert kept.all(NOW + timedelta(seconds=200)) == []


def test_what_a_new_list_does_not_hold_went_meanwhile():
    """Its last known state stays."""
    kept = cache()
    kept.replace([thing("a"), thing("b")], NOW)
    kept.replace([thing("b"), thing("c")], NOW)
    assert names(kept.all(NOW)) == ["b", "c", "-a"]


def test_the_record_of_who_set_which_field_is_not_kept():
    """Half of the memory."""
    kept = cache()
    kept.put({"metadata": {"name": "a", "uid": "a", "managedFields": [1, 2, 3]}})
    assert "managedFields" not in kept.all(NOW)[0].thing["metadata"]


def test_pods_belong_to_the_present_job_of_a_name():
    """One that was deleted and made again has other pods."""
    old, new = Seen(thing=thing("train", "1", age_s=90), gone=NOW), Seen(thing=thing("train", "2", age_s=10))
    pods = [Seen(thing=thing("train-b", owner="2", age_s=9)), Seen(thing=thing("train-a", owner="1", age_s=80))]
    taken = snapshot.make([new, old], pods, taken=NOW)
    job, own = taken.of("train")
    assert (new, ["train-b"]) == (job, names(own))
    assert names(taken.pods["train"]) == ["train-a", "train-b"]
    assert taken.of("other") == (None, ())


def test_pods_are_found_by_the_labels_of_older_clusters_too():
    """Before Kubernetes 1.27 they had no prefix."""
    job = Seen(thing=thing("train", "1"))
    taken = snapshot.make([job], [Seen(thing=thing("train-a", owner="1", prefix=""))], taken=NOW)
    assert names(taken.of("train")[1]) == ["train-a"]


def test_pods_come_in_the_order_in_which_they_were_made():
    """The newest, the present attempt, last."""
    pods = [Seen(thing=thing(f"train-{age}", owner="1", age_s=age)) for age in (5, 50, 20)]
    taken = snapshot.make([], pods, taken=NOW)
    assert names(taken.of("train")[1]) == ["train-50", "train-20", "train-5"]
