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
    // A text of its own for each, so that React does not look for what was painted.
    <pre
      key={text}
      ref={node}
      className="jp-mlrun-nb-Text jp-mlrun-nb-Code cm-editor"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {text}
    </pre>
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
