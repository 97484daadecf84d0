"""Every class that a diagnosis or a refusal can have, and what it means: what programs and the documentation go by."""

from __future__ import annotations

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    # the object is refused, or pods of it are
    "InvalidSpec": "The API server cannot take the object as it is.",
    "Forbidden": "Whoever asks may not do that in this namespace.",
    "NamespaceMissing": "The namespace does not exist.",
    "NamespaceEnding": "The namespace is being deleted.",
    "QuotaExceeded": "What the namespace may use is used up.",
    "LimitExceeded": "A single pod may not ask for that much or that little.",
    "PodSecurity": "The namespace's level of Pod Security forbids something in the pod.",
    "ServiceAccountMissing": "The service account does not exist.",
    "PriorityClassMissing": "The priority class does not exist.",
    "Rejected": "A rule of the cluster refuses it.",
    # no node takes the pod
    "Unschedulable.Resources": "No node has enough left of what is asked for.",
    "Unschedulable.Affinity": "No node has the labels, or the neighbours, that are asked for.",
    "Unschedulable.Taint": "All nodes keep such pods out, or are not fit for work.",
    "Unschedulable.Volume": "A claim does not exist, or its volume is out of reach of all nodes.",
    "Unschedulable.Other": "The scheduler gives another reason.",
    # the pod does not start on its node
    "ImageInvalid": "The image has no valid name, or may not be pulled.",
    "ImagePull": "The image cannot be pulled.",
    "ConfigError": "A ConfigMap, a Secret or a user that the container needs is not there.",
    "ContainerNotCreated": "The container cannot be made.",
    "VolumeNotMounted": "A volume cannot be mounted.",
    "NodeNetwork": "The node gives the pod no network.",
    "NotStarted": "The image cannot start the runner.",
    "PreparationFailed": "A container that prepares the run failed.",
    # the pod was ended
    "Timeout": "The Job or its pod was ended at its deadline.",
    "Evicted": "Its node was short of something, or the pod used more than it may.",
    "Preempted": "It made room for a pod of higher priority.",
    "Drained": "It had to leave its node.",
    "NodeLost": "Its node is not heard of, or is gone.",
    "NodeRefused": "Its node would not run it after all.",
    "PodGone": "The pod was deleted by somebody.",
    "JobDeleted": "The Job was deleted by somebody.",
    # the runner ended without leaving a result
    "OutOfMemory": "It needed more memory than it may use.",
    "RunnerKilled": "It was killed, and nothing says by whom.",
    "RunnerCrashed": "It crashed, most often in a compiled library.",
    "RunnerFailed": "It ended with an exit code.",
    "JobFailed": "The Job failed, and nothing is left that says why.",
    "NoResult": "The Job succeeded, and left no result.",
}
