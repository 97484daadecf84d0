/** Terminal text on the page: spans, so that nothing in it can be anything but text. */

import * as React from 'react';
import { stretchesOf, type Ink } from './ansi';

/** One line. Where `mark` stands in it, whatever its case, it is highlighted. */
export const AnsiLine = React.memo(function AnsiLine({
  line,
  mark = ''
}: {
  readonly line: string;
  readonly mark?: string;
}): React.ReactElement {
  return (
    <>
      {stretchesOf(line).map(({ text, ink }, index) => (
        <span key={index} className={classOf(ink)} style={styleOf(ink)}>
          <Marked text={text} mark={mark} />
        </span>
      ))}
    </>
  );
});

/** Several lines, such as a traceback. */
export function AnsiText({ text }: { readonly text: string }): React.ReactElement {
  return (
    <>
      {text.split('\n').map((line, index) => (
        <React.Fragment key={index}>
          {index > 0 && '\n'}
          <AnsiLine line={line} />
        </React.Fragment>
      ))}
    </>
  );
}

function Marked({
  text,
  mark
}: {
  readonly text: string;
  readonly mark: string;
}): React.ReactElement {
  if (mark === '') {
    return <>{text}</>;
  }
  const [lower, sought] = [text.toLowerCase(), mark.toLowerCase()];
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (let hit = lower.indexOf(sought); hit >= 0; hit = lower.indexOf(sought, at)) {
    parts.push(text.slice(at, hit), <mark key={hit}>{text.slice(hit, hit + mark.length)}</mark>);
    at = hit + mark.length;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}

function classOf({ color, back, bold, italic, underline }: Ink): string | undefined {
  const names = [
    typeof color === 'number' && `jp-mlrun-nb-ink-${color}`,
    typeof back === 'number' && `jp-mlrun-nb-back-${back}`,
    bold && 'jp-mod-bold',
    italic && 'jp-mod-italic',
    underline && 'jp-mod-underline'
  ].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}

function styleOf({ color, back }: Ink): React.CSSProperties | undefined {
  return typeof color === 'string' || typeof back === 'string'
    ? {
        ...(typeof color === 'string' && { color }),
        ...(typeof back === 'string' && { backgroundColor: back })
      }
    : undefined;
}
