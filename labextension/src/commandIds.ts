/** The commands of the extension, by the names that palettes, menus and shortcuts know. */

export namespace CommandIDs {
  export const showPanel = 'mlrun-nb:show-panel';
  export const search = 'mlrun-nb:search-runs';
  export const openRun = 'mlrun-nb:open-run';
  export const cancelRun = 'mlrun-nb:cancel-run';
  export const rerun = 'mlrun-nb:rerun';
  export const rerunWithEdits = 'mlrun-nb:rerun-with-edits';
  export const sweepAround = 'mlrun-nb:sweep-around-best';
  export const deleteRuns = 'mlrun-nb:delete-runs';
  export const compareRuns = 'mlrun-nb:compare-runs';
  export const openExecuted = 'mlrun-nb:open-executed-notebook';
  export const copyCommand = 'mlrun-nb:copy-command';
  export const openFunction = 'mlrun-nb:open-function';
  export const openNotebook = 'mlrun-nb:open-notebook';
  export const goToCell = 'mlrun-nb:go-to-cell';
  export const runCell = 'mlrun-nb:run-function-cell';
  export const runChanged = 'mlrun-nb:run-changed-functions';
  export const makeFunction = 'mlrun-nb:make-function';
  export const showResources = 'mlrun-nb:show-resources';
  export const pinRun = 'mlrun-nb:pin-run';
  export const openItem = 'mlrun-nb:open-hub-item';
  export const insertItem = 'mlrun-nb:insert-hub-item';
  export const installItem = 'mlrun-nb:install-hub-item';
  export const uninstallItem = 'mlrun-nb:uninstall-hub-item';
  export const publishFunction = 'mlrun-nb:publish-function';
  export const searchHub = 'mlrun-nb:search-hub';
  export const copyPython = 'mlrun-nb:copy-python';
}

/** The schema of a command that takes no arguments. */
export const NO_ARGUMENTS = {
  type: 'object',
  properties: {},
  additionalProperties: false
} as const;
