"""
The import contract `fence`: a third-party library and the only packages of ours that may import it.

import-linter's own `protected` contract says the same but fails on a library that nobody imports yet, and its
`forbidden` contract lists who may not, so that a new package would be free to import everything.
`[tool.importlinter]` in pyproject.toml holds the fences, `lint-imports` checks them.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FenceContract(Contract):
    """`fences` is a list of `library -> package package …`, packages relative to the root package."""

    type_name = "fence"

    fences = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of a fenced library from outside its packages."""
        root = self.session_options["root_packages"][0]
        trespasses = []
        for fence in self.fences:  # type: ignore[attr-defined]  # a field is a list at run time
            library, _, packages = fence.partition("->")
            allowed = [f"{root}.{package}" for package in packages.split()]
            trespasses += _trespasses(graph, library.strip(), allowed)
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line per forbidden import."""
        for line in check.metadata["trespasses"]:
            output.print_error(line)


def _trespasses(graph: ImportGraph, library: str, allowed: list[str]) -> list[str]:
    if library not in graph.modules:
        return []
    return [
        f"{importer} imports {library}; only {' and '.join(allowed)} may (l. {detail['line_number']})"
        for importer in sorted(graph.find_modules_that_directly_import(library))
        if not any(f"{importer}.".startswith(f"{package}.") for package in allowed)
        for detail in graph.get_import_details(importer=importer, imported=library)
    ]
