/** The shapes of states where JupyterLab wants an icon: on tabs. */

import { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { SHAPES, type State } from './state';

const made = new Map<State, LabIcon>();

/** The icon of a state; there is one of each. */
export function stateIcon(state: State): LabIcon {
  const icon =
    made.get(state) ??
    new LabIcon({
      name: `mlrun-nb:state-${state}`,
      svgstr: `<svg xmlns="http://www.w3.org/2000/svg" class="jp-mlrun-nb-State jp-mod-${state}" width="16" viewBox="0 0 16 16">${markupOf(SHAPES[state])}</svg>`
    });
  made.set(state, icon);
  return icon;
}

/** A drawing as text: plain elements and attributes, which is all that shapes are made of. */
function markupOf(node: React.ReactNode): string {
  if (!React.isValidElement<React.PropsWithChildren<Record<string, unknown>>>(node)) {
    return '';
  }
  const { children, ...attributes } = node.props;
  const inner = React.Children.toArray(children).map(markupOf).join('');
  if (typeof node.type !== 'string') {
    return inner;
  }
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${nameOf(name)}="${String(value)}"`
  );
  return `<${node.type}${written.join('')}>${inner}</${node.type}>`;
}

function nameOf(property: string): string {
  return property === 'className'
    ? 'class'
    : property.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}
