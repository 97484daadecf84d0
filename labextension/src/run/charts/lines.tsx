/** Each child as a line through its parameters and its result; the better, the stronger. */

import * as React from 'react';
import { ParallelAxes, pathThrough, type Spot } from '../../charts/parallel';
import { placeOf, shortNumber } from '../../charts/scale';
import { useDesk } from '../../kit/react';
import { Block } from '../facts';
import { endsOf, goodness, placeOn, type Dot, type Landscape } from './landscape';

/** The keyboard goes through so many of the best; all stand in the table of children. */
const BY_KEYBOARD = 12;
const MANY = 200;

export function Lines({
  landscape,
  onOpen
}: {
  readonly landscape: Landscape;
  readonly onOpen: (run: string) => void;
}): React.ReactElement | null {
  const { trans } = useDesk();
  const { charts, axes, range } = landscape;
  if (axes.length === 0) {
    return null;
  }
  const ends = [shortNumber(range.low), shortNumber(range.high)] as const;
  const words = [
    ...axes.map(axis => ({ name: axis.name, ends: endsOf(axis) })),
    { name: charts.result, ends }
  ];
  return (
    <Block title={trans.__('Parameters and %1', charts.result)}>
      <ParallelAxes
        label={trans.__('Each child as a line through its parameters and %1', charts.result)}
        axes={words}
      >
        {at => <AllLines landscape={landscape} at={at} onOpen={onOpen} />}
      </ParallelAxes>
      {charts.hidden > 0 && (
        <p className="jp-mlrun-nb-hint">
          {trans._n(
            '%1 parameter that matters less is left out.',
            '%1 parameters that matter less are left out.',
            charts.hidden
          )}
        </p>
      )}
    </Block>
  );
}

/** Not drawn again while a mouse moves over it: what is pointed at is a matter of style. */
const AllLines = React.memo(function AllLines({
  landscape,
  at,
  onOpen
}: {
  readonly landscape: Landscape;
  readonly at: (axis: number, place: number | undefined) => Spot;
  readonly onOpen: (run: string) => void;
}): React.ReactElement {
  const { dots, axes, range, charts } = landscape;
  const drawn = dots.map((dot, index) => ({
    dot,
    good: goodness(dot, landscape),
    d: pathThrough([
      ...axes.map((axis, place) => at(place, placeOn(axis, axis.cells[index] ?? null))),
      at(axes.length, dot.shown === null ? undefined : placeOf(dot.shown, range))
    ])
  }));
  drawn.sort((one, other) => (one.good ?? -1) - (other.good ?? -1));
  const isMany = dots.length > MANY;
  const open = (target: EventTarget): void => {
    const id = target instanceof Element ? target.getAttribute('data-child') : null;
    if (id !== null) {
      onOpen(id);
    }
  };
  return (
    <g
      className={`jp-mlrun-nb-Lines${isMany ? ' jp-mod-many' : ''}`}
      onClick={event => {
        open(event.target);
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open(event.target);
        }
      }}
    >
      {drawn.map(({ dot, good, d }, place) => (
        <path
          key={dot.id}
          d={d}
          data-child={dot.id}
          className={`jp-mod-${dot.kind}${dot.isBest ? ' jp-mod-best' : ''}`}
          style={good === undefined ? undefined : strengthOf((place + 1) / drawn.length, isMany)}
          {...(place >= drawn.length - BY_KEYBOARD && {
            role: 'button',
            tabIndex: 0,
            'aria-label': saidOf(dot, charts.result)
          })}
        >
          <title>{saidOf(dot, charts.result)}</title>
        </path>
      ))}
    </g>
  );
});

/** By the rank: of however many lines the best few stand out, also where most are nearly as good. */
function strengthOf(rank: number, isMany: boolean): React.CSSProperties {
  const share = rank ** (isMany ? 12 : 3);
  return {
    stroke: `color-mix(in srgb, var(--jp-brand-color1) ${Math.round(100 * share)}%, var(--jp-border-color1))`,
    strokeOpacity: (isMany ? 0.2 : 0.35) + 0.6 * share
  };
}

function saidOf({ number, value, kind }: Dot, result: string): string {
  return `#${number} ${value === null ? kind : `${result} ${shortNumber(value)}`}`;
}
