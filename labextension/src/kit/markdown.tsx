/** Markdown as JupyterLab draws it: nothing of it is trusted, so that what could act is taken out. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

const TYPE = 'text/markdown';

const RendererContext = React.createContext<IRenderMimeRegistry | null>(null);

/** Gives JupyterLab's renderers to everything below. */
export const RendererProvider = RendererContext.Provider;

/** A text with headings, lists, tables and code. */
export function Markdown({ text }: { readonly text: string }): React.ReactElement {
  const rendermime = React.useContext(RendererContext);
  const host = React.useRef<HTMLDivElement>(null);
  // Before the element goes: a widget is detached from where it is.
  React.useLayoutEffect(() => {
    if (rendermime === null || host.current === null) {
      return;
    }
    const renderer = rendermime.createRenderer(TYPE);
    Widget.attach(renderer, host.current);
    void renderer.renderModel(rendermime.createModel({ data: { [TYPE]: text }, trusted: false }));
    return () => {
      renderer.dispose();
    };
  }, [rendermime, text]);
  return <div ref={host} className="jp-mlrun-nb-Markdown" />;
}
