/** How the result went from child to child. */

import * as React from 'react';
import { shortNumber } from '../../charts/scale';
import { count } from '../../kit/humane';
import { useDesk } from '../../kit/react';
import { Block } from '../facts';
import { DrawnByVega, type IChartProps } from './picture';
import { historySpec } from './spec';

const HEIGHT_PX = 220;

export function History({ landscape, ...props }: IChartProps): React.ReactElement {
  const { trans } = useDesk();
  const { charts, beyond } = landscape;
  const best = charts.steps.at(-1);
  return (
    <Block
      title={
        <>
          {trans.__('History')}
          {best && <b>{shortNumber(best.value)}</b>}
        </>
      }
    >
      <DrawnByVega
        {...props}
        label={trans.__(
          '%1 of each child by its number, and the best so far as a line',
          charts.result
        )}
        height={HEIGHT_PX}
        of={[landscape]}
        specOf={picture => historySpec(landscape, picture)}
      />
      <p className="jp-mlrun-nb-hint">
        {trans.__('%1 by number of the child.', charts.result)}{' '}
        {best && trans.__('Best so far: #%1.', best.number)}{' '}
        {beyond > 0 &&
          trans._n(
            '%1 that is far off lies on the edge.',
            '%1 that are far off lie on the edge.',
            beyond,
            count(beyond)
          )}
      </p>
    </Block>
  );
}
