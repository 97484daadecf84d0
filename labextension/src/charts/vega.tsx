/** A chart that the host renders: JupyterLab's own Vega. */

import { MimeModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

/** A row of a chart's data. */
export type Row = Readonly<Record<string, unknown>>;

/** The newest Vega-Lite that the host renders; undefined where it renders none. */
export function vegaLiteOf(rendermime: IRenderMimeRegistry | null): string | undefined {
  const found = rendermime?.mimeTypes.filter(each =>
    /^application\/vnd\.vegalite\.v\d+\+json$/.test(each)
  );
  return found?.sort((left, right) => versionOf(right) - versionOf(left))[0];
}

function versionOf(mimeType: string): number {
  return Number(/\.v(\d+)/.exec(mimeType)?.[1]);
}

/** Draws a specification; what it says in words is its description. */
export function VegaChart({
  rendermime,
  mimeType,
  spec,
  label,
  height,
  onPick
}: {
  readonly rendermime: IRenderMimeRegistry;
  readonly mimeType: string;
  readonly spec: ReadonlyJSONObject;
  readonly label: string;
  readonly height: number;
  /** Called with the row of data behind a mark that was clicked. */
  readonly onPick?: (row: Row) => void;
}): React.ReactElement {
  const host = React.useRef<HTMLDivElement>(null);
  const written = JSON.stringify(spec);
  const renderer = React.useMemo(() => rendermime.createRenderer(mimeType), [mimeType]);
  // Before the element goes: a widget is detached from where it is.
  React.useLayoutEffect(() => {
    if (host.current) {
      Widget.attach(renderer, host.current);
    }
    return () => {
      renderer.dispose();
    };
  }, [renderer]);
  React.useEffect(() => {
    const metadata = { [mimeType]: { embed_options: { actions: false, renderer: 'svg' } } };
    void renderer.renderModel(new MimeModel({ data: { [mimeType]: spec }, metadata }));
  }, [renderer, written]);
  return (
    <div
      className="jp-mlrun-nb-Vega"
      style={{ height }}
      role="img"
      aria-label={label}
      onClick={event => {
        const row = rowOf(event.target);
        if (row && onPick) {
          onPick(row);
        }
      }}
    >
      {/* The whole is a picture with a name: Vega's names for its parts say nothing more. */}
      <div ref={host} style={{ height }} aria-hidden />
    </div>
  );
}

/** The renderer keeps its Vega view to itself; an element of Vega's SVG leads to its mark, as Vega's own clicks go. */
function rowOf(
  target: EventTarget & { readonly __data__?: { readonly datum?: Row } }
): Row | undefined {
  return target.__data__?.datum;
}

/** The theme's colours, for a picture that does not know its variables. */
export function themeConfig(): ReadonlyJSONObject {
  const style = getComputedStyle(document.body);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const [text, lines] = [of('--jp-ui-font-color2'), of('--jp-border-color2')];
  const font = of('--jp-ui-font-family') || 'sans-serif';
  return {
    background: 'transparent',
    view: { stroke: 'transparent' },
    font,
    axis: {
      labelColor: text,
      titleColor: text,
      gridColor: lines,
      gridOpacity: 0.5,
      domainColor: lines,
      tickColor: lines,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal'
    },
    mark: { color: of('--jp-brand-color1') }
  };
}
