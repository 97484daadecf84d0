/** The result over two parameters at once. */

import * as React from 'react';
import { useDesk } from '../../kit/react';
import { Block } from '../facts';
import type { Axis, Landscape } from './landscape';
import { DrawnByVega, type IChartProps } from './picture';
import { contourSpec } from './spec';
import { surfaceOf, type Sample } from './surface';

const HEIGHT_PX = 320;
/** Of fewer children a surface would be made up. */
const FEWEST = 8;

/** Of the two that matter most, or two that are chosen. */
export function Contour({ landscape, ...props }: IChartProps): React.ReactElement {
  const { trans } = useDesk();
  const [names, setNames] = React.useState<readonly [string, string]>(['', '']);
  const numbers = landscape.axes.filter(({ isNumber }) => isNumber);
  const named = (name: string): Axis | undefined => numbers.find(axis => axis.name === name);
  const across = named(names[0]) ?? numbers.find(({ name }) => name !== names[1]);
  const up = named(names[1]) ?? numbers.find(axis => axis !== across);
  const result = landscape.charts.result;
  const isEnough = landscape.charts.compared >= FEWEST;
  return (
    <Block title={trans.__('%1 over two parameters', result)}>
      {across && up && isEnough ? (
        <>
          <div className="jp-mlrun-nb-Tools">
            <Choose
              label={trans.__('Across')}
              axes={numbers.filter(axis => axis !== up)}
              axis={across}
              onChange={name => {
                setNames([name, up.name]);
              }}
            />
            <Choose
              label={trans.__('Up')}
              axes={numbers.filter(axis => axis !== across)}
              axis={up}
              onChange={name => {
                setNames([across.name, name]);
              }}
            />
          </div>
          <DrawnByVega
            {...props}
            label={trans.__('%1 over %2 and %3, in bands', result, across.name, up.name)}
            height={HEIGHT_PX}
            of={[landscape, across, up]}
            specOf={picture =>
              contourSpec(
                across,
                up,
                surfaceOf(samplesOf(across, up, landscape), across.range, up.range),
                landscape,
                picture
              )
            }
          />
          <p className="jp-mlrun-nb-hint">
            {trans.__(
              'Between the children their mean, the nearer the weightier; blank where none is near. Other parameters differ too.'
            )}
          </p>
        </>
      ) : (
        <p className="jp-mlrun-nb-hint">
          {numbers.length < 2
            ? trans.__(
                'A contour needs two parameters that are numbers and vary; this sweep has %1.',
                numbers.length
              )
            : trans.__('A contour needs %1 children that left a number.', FEWEST)}
        </p>
      )}
    </Block>
  );
}

function Choose({
  label,
  axes,
  axis,
  onChange
}: {
  readonly label: string;
  readonly axes: readonly Axis[];
  readonly axis: Axis;
  readonly onChange: (name: string) => void;
}): React.ReactElement {
  return (
    <label className="jp-mlrun-nb-Check">
      {label}
      <select
        className="jp-mlrun-nb-Input"
        value={axis.name}
        onChange={event => {
          onChange(event.target.value);
        }}
      >
        {axes.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function samplesOf(across: Axis, up: Axis, { dots }: Landscape): readonly Sample[] {
  return dots.flatMap(({ shown }, index) => {
    const [x, y] = [across.cells[index], up.cells[index]];
    return shown !== null && typeof x === 'number' && typeof y === 'number'
      ? [{ x, y, value: shown }]
      : [];
  });
}
