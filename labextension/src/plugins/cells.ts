import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTools, INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { settingsIcon } from '@jupyterlab/ui-components';
import { CommandIDs, NO_ARGUMENTS } from '../commandIds';
import { IDesk } from '../desk';
import { functionIcon } from '../icons';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- beside every function cell from the start
import { Markers } from '../notebook/marker';
import { INotebookFunctions } from '../notebook/model';
import { isFunctionText } from '../notebook/texts';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- an empty place; the form is loaded when it is seen
import { ResourcesTool } from '../notebook/tool';

const ID = 'mlrun-nb:cells';
const SECTION = 'mlrunFunctionSection';
const SIDE_PANEL = 'jp-property-inspector';

/** Marks function cells, makes functions of other cells, and shows resources among the notebook tools. */
export const cells: JupyterFrontEndPlugin<void> = {
  id: ID,
  description:
    'Marks, makes and sets up functions where they are written: in the cells of a notebook.',
  autoStart: true,
  requires: [IDesk, INotebookTracker, INotebookFunctions],
  optional: [INotebookTools, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    tracker: INotebookTracker,
    notebook: INotebookFunctions,
    tools: INotebookTools | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ): void => {
    const { commands, trans } = desk;
    const marks = new Markers(desk, notebook);
    void registry?.load(ID).then(settings => {
      const read = (): void => {
        marks.show(settings.composite.marks !== false);
      };
      settings.changed.connect(read);
      read();
    });
    const activeText = (): string | undefined => {
      const model = tracker.activeCell?.model;
      return model?.type === 'code' ? model.sharedModel.getSource() : undefined;
    };
    const isPlain = (): boolean => {
      const text = activeText();
      return text !== undefined && !isFunctionText(text);
    };
    const isFunction = (): boolean => isFunctionText(activeText() ?? '');

    commands.addCommand(CommandIDs.makeFunction, {
      label: trans.__('Make This Cell a Function…'),
      caption: trans.__('Make this cell a function that runs anywhere and leaves a record'),
      icon: functionIcon,
      describedBy: { args: NO_ARGUMENTS },
      isEnabled: isPlain,
      isVisible: isPlain,
      execute: async () => {
        const panel = tracker.currentWidget;
        if (panel === null) {
          return false;
        }
        const { makeFunction } = await import('../notebook/makeFunction');
        return makeFunction(desk, panel, panel.content.activeCellIndex);
      }
    });

    if (tools !== null) {
      const tool = new ResourcesTool(desk, notebook);
      void app.restored.then(() => {
        // by now the common tools have their place: it is the one above
        tools.addSection({ sectionName: SECTION, label: trans.__('Function') });
        tools.addItem({ tool, section: SECTION });
        tool.unfold();
      });
      commands.addCommand(CommandIDs.showResources, {
        label: trans.__('Resources of This Function'),
        caption: trans.__('Engine, processors, memory and other options of this function'),
        icon: settingsIcon,
        describedBy: { args: NO_ARGUMENTS },
        isEnabled: isFunction,
        isVisible: isFunction,
        execute: () => {
          app.shell.activateById(SIDE_PANEL);
          tool.reveal();
        }
      });
    }

    const ids = [CommandIDs.makeFunction, CommandIDs.showResources].filter(id =>
      commands.hasCommand(id)
    );
    for (const command of ids) {
      palette?.addItem({ command, category: trans.__('Functions and Runs') });
    }
    const notify = (): void => {
      for (const id of ids) {
        commands.notifyCommandChanged(id);
      }
    };
    tracker.activeCellChanged.connect(notify);
    notebook.changed.connect(notify);
  }
};
