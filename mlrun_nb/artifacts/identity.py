"""
What a reference's content is, without reading it as a value: its digest, or the ETag by which a server names it.

The run cache compares these. Not here: fetching, and any judgement about equality.
"""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb._lib.digest import digest_file
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.model.artifact import InputReference


def identify(reference: InputReference) -> InputReference:
    """
    Return *reference* with the digest of a local file or the ETag of an object, where it has none yet.

    It stays as it is for a folder, and for an object whose server gives no strong ETag. Raises ArtifactError for an
    object that cannot be reached.
    """
    if reference.digest or reference.etag:
        return reference
    path = local_path(reference.uri)
    if path is not None:
        return replace(reference, digest=digest_file(path)) if path.is_file() else reference
    from mlrun_nb.artifacts.remote import etag

    return replace(reference, etag=etag(reference.uri))
