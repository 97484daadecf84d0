"""Hub sources pass the suite that third parties inherit."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.hubs.folder import FolderSource
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.testing.hub_contract import HubContract, Items


class TestFolder(HubContract):
    """A folder of items."""

    def published(self, tmp_path: Path, items: Items) -> HubSource:
        """Write *items* where the source looks for them."""
        root = tmp_path / "hub"
        root.mkdir()
        for (name, version), files in items.items():
            for path, data in files.items():
                place = root / name / version / path.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        return FolderSource("mine", root)
