/** What the charts of a sweep say to Vega-Lite. */

import type { ReadonlyJSONArray, ReadonlyJSONObject } from '@lumino/coreutils';
import { rangeOf, ticksOf, type Range } from '../../charts/scale';
import { themeConfig } from '../../charts/vega';
import type { Axis, Dot, Kind, Landscape } from './landscape';
import type { Tile } from './surface';

/** How large a picture is, and what its axes are called. */
export type Picture = { readonly width: number; readonly height: number };

const CROSS = 'M-.8,-.8L.8,.8M-.8,.8L.8,-.8';
/** A cross that has a face, to be told from a surface of any colour. */
const FAT_CROSS = 'M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z';
const BANDS = 9;

/** Each child's value by its number, and the best so far as a line. */
export function historySpec(landscape: Landscape, { width, height }: Picture): ReadonlyJSONObject {
  const { charts, dots, range } = landscape;
  const last = Math.max(0, ...charts.numbers);
  const steps = charts.steps.map(({ number, value }) => ({
    number,
    shown: Math.min(range.high, Math.max(range.low, value))
  }));
  const end = steps.at(-1);
  const line = end && end.number < last ? [...steps, { ...end, number: last }] : steps;
  const scale = { domain: [-0.02 * last, 1.02 * last || 1], nice: false };
  const x = { field: 'number', type: 'quantitative', title: null, scale, axis: { tickMinStep: 1 } };
  return {
    ...sheet(width, height),
    layer: [
      {
        data: { values: line },
        mark: {
          type: 'line',
          interpolate: 'step-after',
          strokeWidth: 1.5,
          color: colour('--jp-ui-font-color1')
        },
        encoding: { x, y: valueAxis(range) }
      },
      ...dotLayers(
        dots.map(dot => ({ ...rowOf(dot), number: dot.number })),
        landscape,
        x
      )
    ]
  };
}

/** Each child's value by one parameter. */
export function sliceSpec(
  axis: Axis,
  landscape: Landscape,
  { width, height }: Picture
): ReadonlyJSONObject {
  const rows = landscape.dots.flatMap((dot, index) => {
    const cell = axis.cells[index] ?? null;
    return cell === null ? [] : [{ ...rowOf(dot), cell, aside: aside(dot.number) }];
  });
  return {
    ...sheet(width, height),
    layer: dotLayers(rows, landscape, axisOf(axis, 'cell'), axis)
  };
}

/** What lies between the children over two parameters, in bands, and the children on it. */
export function contourSpec(
  across: Axis,
  up: Axis,
  tiles: readonly Tile[],
  landscape: Landscape,
  { width, height }: Picture
): ReadonlyJSONObject {
  const { charts, dots } = landscape;
  const rows = dots.flatMap((dot, index) => {
    const [x, y] = [across.cells[index] ?? null, up.cells[index] ?? null];
    return x === null || y === null ? [] : [{ ...rowOf(dot), x, y }];
  });
  const [x, y] = [
    { ...axisOf(across, 'x'), title: across.name },
    { ...axisOf(up, 'y'), title: up.name }
  ];
  const { low, high } = rangeOf(tiles.map(({ value }) => value));
  const layer = (isBest: boolean, mark: ReadonlyJSONObject): ReadonlyJSONObject => ({
    data: { values: rows.filter(row => row.isBest === isBest) },
    mark: { type: 'point', cursor: 'pointer', opacity: 1, filled: true, color: '#111', ...mark },
    encoding: {
      x,
      y,
      shape: { field: 'kind', type: 'nominal', scale: KIND_SHAPES, legend: null },
      tooltip: tooltips([across.name, up.name], ['x', 'y'])
    }
  });
  return {
    ...sheet(width, height),
    layer: [
      {
        data: { values: tiles.map(tile => ({ ...tile })) },
        mark: { type: 'rect', clip: true, strokeWidth: 0 },
        encoding: {
          x: { ...x, field: 'left' },
          x2: { field: 'right' },
          y: { ...y, field: 'bottom' },
          y2: { field: 'top' },
          color: {
            field: 'value',
            type: 'quantitative',
            scale: {
              type: 'quantize',
              domain: [low, high],
              scheme: { name: 'viridis', count: BANDS },
              reverse: charts.direction === 'min'
            },
            legend: {
              title: null,
              format: '.3~g',
              gradientLength: height - 60,
              labelColor: colour('--jp-ui-font-color2')
            }
          }
        }
      },
      layer(false, { size: 18, stroke: '#fff', strokeWidth: 0.7 }),
      layer(true, { size: 90, stroke: '#fff', strokeWidth: 1.5 })
    ]
  };
}

/** From the lowest layer to the highest. */
const KINDS: readonly Kind[] = ['open', 'good', 'pruned', 'failed'];

const MARKS: Readonly<Record<Kind, ReadonlyJSONObject>> = {
  good: { type: 'point', shape: 'circle', filled: true, size: 28, opacity: 0.55 },
  pruned: { type: 'point', shape: 'triangle-down', filled: false, size: 26, strokeWidth: 1.2 },
  failed: { type: 'point', shape: CROSS, filled: false, size: 26, strokeWidth: 1.5, opacity: 0.9 },
  open: { type: 'point', shape: 'circle', filled: false, size: 20, opacity: 0.7 }
};

const COLOURS: Readonly<Record<Kind, string>> = {
  good: '--jp-brand-color1',
  pruned: '--jp-ui-font-color2',
  failed: '--jp-error-color1',
  open: '--jp-ui-font-color2'
};

/** Children with the same word stand beside each other. */
const ASIDE = { field: 'aside', type: 'quantitative', scale: { domain: [-1, 1] } };

const KIND_SHAPES = {
  domain: ['good', 'pruned', 'failed', 'open'],
  range: ['circle', 'triangle-down', FAT_CROSS, 'circle']
};

type DotRow = ReturnType<typeof rowOf>;

/** A layer for each kind of child; those without a value stand on the lower edge. */
function dotLayers(
  rows: readonly (DotRow & ReadonlyJSONObject)[],
  { charts, range }: Landscape,
  x: ReadonlyJSONObject,
  axis?: Axis
): ReadonlyJSONArray {
  const [names, fields] = axis ? [[axis.name], ['cell']] : [[], []];
  const across = axis && !axis.isNumber ? { x, xOffset: ASIDE } : { x };
  const layers = (kind: Kind, isBest = false): ReadonlyJSONArray => {
    const kept = rows.filter(row => row.kind === kind && row.isBest === isBest);
    const mark = {
      ...MARKS[kind],
      color: colour(COLOURS[kind]),
      cursor: 'pointer',
      ...(isBest && bestMark())
    };
    const layer = (isPlaced: boolean): ReadonlyJSONObject => ({
      data: { values: kept.filter(row => (row.shown !== null) === isPlaced) },
      mark,
      encoding: {
        ...across,
        y: isPlaced ? valueAxis(range) : { value: 'height' },
        tooltip: tooltips(names, fields, isPlaced ? charts.result : undefined)
      }
    });
    return [layer(true), layer(false)];
  };
  return [...KINDS.flatMap(kind => layers(kind)), ...KINDS.flatMap(kind => layers(kind, true))];
}

function bestMark(): ReadonlyJSONObject {
  return {
    filled: true,
    size: 90,
    opacity: 1,
    stroke: colour('--jp-layout-color1'),
    strokeWidth: 1.5,
    color: colour('--jp-success-color1')
  };
}

function rowOf({ id, number, kind, value, shown, isBest }: Dot): {
  readonly id: string;
  readonly child: string;
  readonly kind: Kind;
  readonly value: number | null;
  readonly shown: number | null;
  readonly isBest: boolean;
} {
  return { id, child: `#${number}`, kind, value, shown, isBest };
}

/** The value stands in it as its name has it, where there is one. */
function tooltips(
  names: readonly string[],
  fields: readonly string[],
  result?: string
): ReadonlyJSONArray {
  return [
    { field: 'child', type: 'nominal' },
    ...(result === undefined ? [] : [number('value', result)]),
    ...names.map((title, index) => ({ field: fields[index] ?? '', type: 'nominal', title }))
  ];
}

function number(field: string, title: string): ReadonlyJSONObject {
  return { field, title, type: 'quantitative', format: '.5~g' };
}

function axisOf({ isNumber, range }: Axis, field: string): ReadonlyJSONObject {
  return isNumber
    ? { field, type: 'quantitative', title: null, scale: scaleOf(range), axis: axisFor(range) }
    : {
        field,
        type: 'nominal',
        title: null,
        axis: { labelLimit: 90, labelAngle: 0, labelOverlap: true }
      };
}

function valueAxis(range: Range): ReadonlyJSONObject {
  return {
    field: 'shown',
    type: 'quantitative',
    title: null,
    scale: scaleOf(range),
    axis: axisFor(range)
  };
}

/** A little wider than the range, so that no child stands on the frame. */
function scaleOf({ low, high, isLog }: Range): ReadonlyJSONObject {
  const domain = isLog
    ? [low / (high / low) ** 0.04, high * (high / low) ** 0.04]
    : [low - (high - low) * 0.06, high + (high - low) * 0.06];
  return { type: isLog ? 'log' : 'linear', domain, nice: false, zero: false };
}

/** Vega would draw a line for each of the numbers between two powers of ten. */
function axisFor(range: Range): ReadonlyJSONObject {
  return range.isLog ? { values: [...logTicks(range)], format: '~g' } : { tickCount: 5 };
}

/** Powers of ten, and where those are few, twice and five times them too. */
function logTicks(range: Range): readonly number[] {
  const powers = ticksOf(range, 4);
  const { low, high } = range;
  if (high / low > 300) {
    return powers;
  }
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: 4 }, (_, index) => first + index)
    .flatMap(power => [1, 2, 5].map(times => Number(`${times}e${power}`)))
    .filter(tick => low <= tick && tick <= high);
}

/** A little aside, the same for a child each time, so that children with the same word can be told apart. */
function aside(child: number): number {
  return ((child * 0.618_034) % 1) * 1.2 - 0.6;
}

function sheet(width: number, height: number): ReadonlyJSONObject {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    width,
    height: height - 8,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 4,
    config: themeConfig()
  };
}

function colour(name: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}
