/** The panel, by the helpers of JupyterLab's own tests. */

import { expect, test } from '@jupyterlab/galata';

const PANEL = 'mlrun-nb-panel';
const LOAD = '%load_ext mlrun_nb';
const AREA = `%%mlrun area --output surface
width: float = 2.0
height: float = 3.0
surface = width * height`;

test.beforeEach(async ({ page }) => {
  await page.notebook.createNew('first.ipynb');
  await page.notebook.setCell(0, 'code', LOAD);
  await page.notebook.addCell('code', AREA);
  await page.notebook.save();
});

test('the panel has a tab, which opens it on the functions of the notebook', async ({ page }) => {
  const panel = page.getByRole('region', { name: 'Functions and runs' });
  await expect(panel).toBeHidden();
  await page.sidebar.openTab(PANEL);
  expect(await page.sidebar.getTabPosition(PANEL)).toBe('left');
  const cells = panel.getByRole('region', { name: 'This notebook' }).getByRole('listitem');
  await expect(cells).toHaveCount(1);
  await expect(cells).toContainText('area');
  await expect(cells).toContainText('never run');
});

test('a cell that runs is in the panel while it runs and when it has succeeded', async ({
  page
}) => {
  await page.sidebar.openTab(PANEL);
  const panel = page.getByRole('region', { name: 'Functions and runs' });
  const runs = panel.getByRole('listbox', { name: 'Runs' }).getByRole('option');
  const open = page.getByRole('button', { name: '1 run is open' });
  await page.notebook.runCell(0);
  const ended = page.notebook.runCell(1);
  await expect(open).toBeVisible({ timeout: 20_000 });
  await ended;
  await expect(runs).toHaveCount(1);
  await expect(runs.getByRole('img', { name: 'succeeded' })).toBeVisible();
  await expect(runs).toContainText('surface 6');
  await expect(open).toHaveCount(0);
});
