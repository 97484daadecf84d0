/** The names of options in forms. */

import type { TranslationBundle } from '@jupyterlab/translation';

/** What people call an option; the names of those that few need are their own. */
export function optionLabel(name: string, trans: TranslationBundle): string {
  const labels: Readonly<Record<string, string>> = {
    on: trans.__('Engine'),
    cpu: trans.__('CPU'),
    'cpu-limit': trans.__('CPU limit'),
    gpu: trans.__('GPU'),
    'gpu-type': trans.__('GPU type'),
    requirement: trans.__('Requirements'),
    input: trans.__('Inputs'),
    output: trans.__('Outputs'),
    file: trans.__('Files')
  };
  const words = name.replaceAll('-', ' ');
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
