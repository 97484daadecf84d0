/** The result over each parameter by itself. */

import * as React from 'react';
import { useDesk } from '../../kit/react';
import { Block } from '../facts';
import { DrawnByVega, type IChartProps } from './picture';
import { sliceSpec } from './spec';

const HEIGHT_PX = 170;
/** So many at first: each is a picture of its own. */
const SHOWN = 6;

export function Slices({ landscape, ...props }: IChartProps): React.ReactElement | null {
  const { trans } = useDesk();
  const [isAll, setAll] = React.useState(false);
  const { axes, charts } = landscape;
  const shown = isAll ? axes : axes.slice(0, SHOWN);
  const hidden = axes.length - shown.length;
  return axes.length === 0 ? null : (
    <>
      <div className="jp-mlrun-nb-Charts jp-mod-slices">
        {shown.map(axis => (
          <Block
            key={axis.name}
            title={
              <span className="jp-mlrun-nb-Chart-name">
                {trans.__('%1 over %2', charts.result, axis.name)}
              </span>
            }
          >
            <DrawnByVega
              {...props}
              label={trans.__('%1 over %2, a point for each child', charts.result, axis.name)}
              height={HEIGHT_PX}
              of={[landscape, axis]}
              specOf={picture => sliceSpec(axis, landscape, picture)}
            />
          </Block>
        ))}
      </div>
      {hidden > 0 && (
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => {
            setAll(true);
          }}
        >
          {trans._n('Show %1 more', 'Show %1 more', hidden)}
        </button>
      )}
    </>
  );
}
