/** How the specs are run: one after the other, against a JupyterLab of their own. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import base from '@jupyterlab/galata/lib/playwright-config.js';

/** Debian's Chromium; without it Playwright looks for its own (`playwright install chromium`). */
function chromium() {
  const programs = process.env.PATH.split(delimiter).map(folder => join(folder, 'chromium'));
  return programs.find(program => {
    try {
      accessSync(program, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export default {
  ...base,
  testDir: 'specs',
  outputDir: 'node_modules/.cache/test-results',
  globalSetup: './server.js',
  reporter: 'list',
  workers: 1,
  use: {
    ...base.use,
    baseURL: process.env.MLRUN_NB_UI_URL, // where server.js has started one
    trace: 'off',
    video: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking'
      ]
    }
  }
};
