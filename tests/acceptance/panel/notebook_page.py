"""A notebook open in JupyterLab: its cells, what stands below them, and what a person does with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page, expect

from mlrun_nb.commands.card.bundle import MIME_TYPE
from tests.acceptance.browser import Lab, Look, opened_page, put_on_theme

LOAD = "%load_ext mlrun_nb"

Output = Mapping[str, object]


def stored_card(run: object, *, html: str = "", text: str = "a card") -> Output:
    """Return the output that a kernel would have left of a run: an id, and how it looked."""
    data = {MIME_TYPE: {"format": 1, "id": run}, "text/plain": text} | ({"text/html": html} if html else {})
    output: Output = nbformat.v4.new_output("display_data", data=data)
    return output


def write_notebook(path: Path, *cells: str | tuple[str, Sequence[Output]]) -> None:
    """Write a notebook of code cells; one given with outputs has been run before."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for each in cells:
        text, outputs = (each, ()) if isinstance(each, str) else each
        notebook.cells.append(nbformat.v4.new_code_cell(text, outputs=list(outputs)))
    nbformat.write(notebook, path)


class NotebookPage:
    """A page of JupyterLab with one notebook in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, name: str) -> None:
        """Open a notebook in place of whatever is open, and wait for its cells; a kernel is not waited for."""
        script = """async path => {
            const {commands, shell} = window.jupyterapp;
            for (const each of [...shell.widgets('main')]) {
                if (each.context) { each.context.model.dirty = false; }  // what was typed is not asked about
                each.close();
            }
            await commands.execute('docmanager:open', {path});
        }"""
        self.page.evaluate(script, name)
        expect(self.page.get_by_role("tab", name=name)).to_be_visible()
        expect(self.cells.first).to_be_visible()

    def open_beside(self, name: str) -> None:
        """Open a notebook at the right of the one that is open; it becomes the active one."""
        script = "path => window.jupyterapp.commands.execute('docmanager:open', {path, options: {mode: 'split-right'}})"
        self.page.evaluate(f"path => void ({script})(path)", name)
        expect(self.page.locator(".jp-Notebook:visible")).to_have_count(2)

    @property
    def cells(self) -> Locator:
        """All code cells."""
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def cell(self, text: str) -> Locator:
        """Return the cell whose text has *text* in it."""
        return self.cells.filter(has=self.page.locator(".cm-content", has_text=text))

    def card(self, text: str) -> Locator:
        """Return what stands below a cell as its card."""
        return self.cell(text).locator(".jp-mlrun-nb-Card")

    def text(self, position: int) -> str:
        """Return the text of a cell as the document has it."""
        script = "at => window.jupyterapp.shell.currentWidget.model.cells.get(at).sharedModel.getSource()"
        return str(self.page.evaluate(script, position))

    def document(self) -> str:
        """Return all cells as they would be saved."""
        script = "JSON.stringify(window.jupyterapp.shell.currentWidget.model.sharedModel.toJSON().cells)"
        return str(self.page.evaluate(script))

    def select(self, text: str) -> Locator:
        """Click into a cell."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        return cell

    def run(self, text: str) -> Locator:
        """Run a cell in the kernel, once there is one, do not wait for its end, and return it."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready.then(() => null)")
        cell = self.select(text)
        self.page.keyboard.press("Control+Enter")
        return cell

    def do(self, command: str) -> None:
        """Execute a command of JupyterLab, as a menu does."""
        self.page.evaluate("id => void window.jupyterapp.commands.execute(id)", command)

    def end_kernel(self) -> None:
        """Shut the notebook's kernel down."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        expect(self.page.get_by_role("button", name="No Kernel").first).to_be_visible()

    def theme(self, look: Look) -> None:
        """Put on a theme of JupyterLab."""
        put_on_theme(self.page, f"JupyterLab {look.capitalize()}")


@contextmanager
def opened_lab(browser: Browser, lab: Lab, *, width: int = 1200) -> Iterator[NotebookPage]:
    """Open a page of *lab* in which notebooks can be opened."""
    with opened_page(browser, width=width) as page:
        page.goto(f"{lab.url}lab?reset")
        page.wait_for_function("window.jupyterapp && window.jupyterapp.restored.then(() => true)")
        yield NotebookPage(page)
