/** Code in the colours of JupyterLab's editors. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import * as React from 'react';

/** By which the rules of the colours are found; CodeMirror brings them only with an editor. */
const STYLE_ID = 'jp-mlrun-nb-code-style';

const LanguagesContext = React.createContext<IEditorLanguageRegistry | null>(null);

/** Gives the languages to everything below; null where the host has none. */
export const LanguagesProvider = LanguagesContext.Provider;

/** Python as text that cannot be edited. */
export function Code({
  text,
  label
}: {
  readonly text: string;
  readonly label: string;
}): React.ReactElement {
  const languages = React.useContext(LanguagesContext);
  const node = React.useRef<HTMLPreElement>(null);
  // React has no children here: what stands in the element is put there below, and painted later.
  React.useLayoutEffect(() => {
    node.current?.replaceChildren(text);
  }, [text]);
  React.useEffect(() => {
    let isGone = false;
    if (languages) {
      void painted(text, languages).then(parts => {
        if (!isGone) {
          node.current?.replaceChildren(parts);
        }
      });
    }
    return () => {
      isGone = true;
    };
  }, [text, languages]);
  return (
    <pre
      ref={node}
      className="jp-mlrun-nb-Text jp-mlrun-nb-Code cm-editor"
      tabIndex={0}
      role="region"
      aria-label={label}
    />
  );
}

async function painted(
  text: string,
  languages: IEditorLanguageRegistry
): Promise<DocumentFragment> {
  const { jupyterHighlightStyle } = await import('@jupyterlab/codemirror');
  const rules = jupyterHighlightStyle.module?.getRules();
  if (rules && document.getElementById(STYLE_ID) === null) {
    const style = document.createElement('style');
    style.id = STYLE_ID;
    style.textContent = rules;
    document.head.append(style);
  }
  const host = document.createElement('div');
  await languages.highlight(text, languages.findByMIME('text/x-ipython'), host);
  const parts = document.createDocumentFragment();
  parts.append(...host.childNodes);
  return parts;
}
