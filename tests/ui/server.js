/** A JupyterLab for the specs: at a free port, with nothing of the user's, gone with all that it wrote when they end. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CONFIG = join(dirname(fileURLToPath(import.meta.url)), 'jupyter_server_test_config.py');
const START_MS = 90_000;
const END_MS = 10_000;

/** Start it, tell the specs where it is, and return what ends it. */
export default async function start() {
  const home = mkdtempSync(join(tmpdir(), 'mlrun-nb-ui-'));
  const env = environment(home);
  for (const folder of [env.TMPDIR, env.JUPYTERLAB_GALATA_ROOT_DIR, env.JUPYTER_RUNTIME_DIR]) {
    mkdirSync(folder, { recursive: true });
  }
  const log = join(home, 'jupyterlab.log');
  const output = openSync(log, 'w');
  const server = spawn('jupyter', ['lab', '--no-browser', `--config=${CONFIG}`], {
    cwd: home,
    env,
    detached: true, // a group of its own, so that its kernels are found at the end
    stdio: ['ignore', output, output]
  });
  const stop = async () => {
    await end(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    process.env.MLRUN_NB_UI_URL = await address(server, env.JUPYTER_RUNTIME_DIR);
  } catch (error) {
    const said = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`${error.message}\n${said}`, { cause: error });
  }
  return stop;
}

/** What the server sees of the world: every place that belongs to a user is below `home`. */
function environment(home) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:JUPYTER|MLRUN_NB_|XDG_)/.test(name)
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    IPYTHONDIR: join(home, '.ipython'),
    JUPYTERLAB_GALATA_ROOT_DIR: join(home, 'notebooks'),
    JUPYTER_CONFIG_DIR: join(home, '.jupyter'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    MLRUN_NB_HOME: join(home, 'mlrun-nb'),
    MLRUN_NB_WARM: 'off', // a helper would outlive the server
    TMPDIR: join(home, 'tmp')
  };
}

/** Wait until it answers; its address is in a file that it writes before it listens. */
async function address(server, folder) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error('JupyterLab ended');
    }
    const url = stated(folder);
    if (url !== undefined && (await answers(url))) {
      return url;
    }
    await pause(100);
  }
  throw new Error('JupyterLab did not start');
}

function stated(folder) {
  const name = readdirSync(folder).find(each => /^jpserver-\d+\.json$/.test(each));
  try {
    return name && JSON.parse(readFileSync(join(folder, name), 'utf8')).url.replace(/\/$/, '');
  } catch {
    return undefined; // half a file
  }
}

async function answers(url) {
  try {
    return (await fetch(`${url}/api`)).ok;
  } catch {
    return false;
  }
}

/** Ask it to end, kernels first; what is left of its group after a while is killed. */
async function end(server) {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await Promise.race([ended, pause(END_MS, undefined, { ref: false })]);
  }
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch {
    // nothing is left
  }
}
