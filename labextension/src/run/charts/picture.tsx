/** A picture that Vega-Lite draws of a sweep's children, as wide as there is room. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { useWidth } from '../../charts/frame';
import { VegaChart, vegaLiteOf } from '../../charts/vega';
import { useDesk } from '../../kit/react';
import { useTheme } from '../theme';
import type { Landscape } from './landscape';
import type { Picture } from './spec';

/** What a chart is drawn of; a click on a child opens it. */
export interface IChartProps {
  readonly landscape: Landscape;
  /** Null where the host renders no charts. */
  readonly rendermime: IRenderMimeRegistry | null;
  readonly onOpen: (run: string) => void;
}

/** `specOf` is asked again where size or theme are others, or something of `of`. */
export function DrawnByVega({
  rendermime,
  onOpen,
  label,
  height,
  of,
  specOf
}: Pick<IChartProps, 'rendermime' | 'onOpen'> & {
  readonly label: string;
  readonly height: number;
  readonly of: readonly unknown[];
  readonly specOf: (picture: Picture) => ReadonlyJSONObject;
}): React.ReactElement {
  const { trans } = useDesk();
  const [node, width] = useWidth();
  const theme = useTheme();
  const mimeType = vegaLiteOf(rendermime);
  const spec = React.useMemo(
    () => (width > 0 ? specOf({ width, height }) : undefined),
    [width, height, theme, ...of]
  );
  if (mimeType === undefined || rendermime === null) {
    return (
      <p className="jp-mlrun-nb-hint">
        {trans.__('This chart needs JupyterLab’s own Vega extension, which is turned off here.')}
      </p>
    );
  }
  return (
    <div ref={node} style={{ height }}>
      {spec && (
        <VegaChart
          rendermime={rendermime}
          mimeType={mimeType}
          spec={spec}
          label={label}
          height={height}
          onPick={({ id }) => {
            if (typeof id === 'string') {
              onOpen(id);
            }
          }}
        />
      )}
    </div>
  );
}
