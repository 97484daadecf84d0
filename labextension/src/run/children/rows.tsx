/** The rows of the table of children, of which only those in sight are drawn. */

import * as React from 'react';
import { useDesk } from '../../kit/react';
import { Windowed } from '../../kit/windowed';
import { Line } from './line';
import { isSame, keyOf, type Field, type Order } from './order';
import type { Child } from './table';

const ROW_PX = 28;
const NAME_PX = 136;
const STATE_PX = 112;
const VALUE_PX = 104;

/** What the table shows, and what clicks do. */
export interface IRowsProps {
  readonly label: string;
  readonly rows: readonly Child[];
  readonly columns: readonly Field[];
  readonly order: Order;
  /** The id of the best child. */
  readonly best: string | undefined;
  readonly onOrder: (field: Field) => void;
  readonly onOpen: (child: string) => void;
}

/** A head that sorts, and a row for each child that opens its page. */
export function Rows(props: IRowsProps): React.ReactElement {
  const { label, rows, columns, order, best, onOrder, onOpen } = props;
  const layout = React.useMemo(() => layoutOf(columns), [columns]);
  return (
    <div
      className="jp-mlrun-nb-Children"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
    >
      <div role="rowgroup" style={{ minWidth: layout.minWidth }}>
        <div role="row" aria-rowindex={1} className="jp-mlrun-nb-Child jp-mod-head" style={layout}>
          {columns.map(field => (
            <Head
              key={keyOf(field)}
              field={field}
              order={order}
              onClick={() => {
                onOrder(field);
              }}
            />
          ))}
        </div>
      </div>
      <Windowed
        root={{
          role: 'rowgroup',
          tabIndex: 0,
          className: 'jp-mlrun-nb-Children-rows',
          style: { minWidth: layout.minWidth }
        }}
        items={rows}
        heightOf={rowHeight}
        keyOf={idOf}
        draw={(child, index) => (
          <Line
            child={child}
            index={index}
            columns={columns}
            layout={layout}
            isBest={child.id === best}
            onOpen={onOpen}
          />
        )}
      />
    </div>
  );
}

function Head({
  field,
  order,
  onClick
}: {
  readonly field: Field;
  readonly order: Order;
  readonly onClick: () => void;
}): React.ReactElement {
  const { trans } = useDesk();
  const isOrder = isSame(field, order.field);
  const words = { number: '#', state: trans.__('State'), duration: trans.__('Time') };
  const name = 'name' in field ? field.name : words[field.of];
  return (
    <div
      role="columnheader"
      className={`jp-mod-${field.of}`}
      aria-sort={isOrder ? (order.isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" title={trans.__('Sort by %1', name)} onClick={onClick}>
        <span>{name}</span>
        {isOrder && <span aria-hidden>{order.isDown ? '▾' : '▴'}</span>}
      </button>
    </div>
  );
}

/** Columns as wide as they need to be, values wider where there is room. */
function layoutOf(columns: readonly Field[]): {
  readonly gridTemplateColumns: string;
  readonly minWidth: number;
} {
  const widths = columns.map(({ of }) => ({
    of,
    px: of === 'number' ? NAME_PX : of === 'state' ? STATE_PX : VALUE_PX
  }));
  return {
    gridTemplateColumns: widths
      .map(({ of, px }) => (of === 'number' || of === 'state' ? `${px}px` : `minmax(${px}px, 1fr)`))
      .join(' '),
    minWidth: widths.reduce((sum, { px }) => sum + px, 0)
  };
}

function rowHeight(): number {
  return ROW_PX;
}

function idOf({ id }: Child): string {
  return id;
}
