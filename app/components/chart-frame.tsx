import { useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Panel } from './page.tsx';

export interface ChartRow {
  /** Start of the bucket. */
  at: string;
  cells: readonly string[];
}

/** A chart with its title and the same figures as a table, one click away. Its height never changes. */
export function ChartFrame(props: {
  title: string;
  note: string;
  heads: readonly string[];
  /** What each line is, beside the title; nothing where there is only one. */
  legend?: ReactNode;
  rows: () => readonly ChartRow[];
  timeWords: (at: string) => string;
  children: ReactNode;
}) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      title={props.title}
      note={props.note}
      actions={
        <>
          {props.legend}
          <Button look="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </>
      }
    >
      <div className="h-56">{asTable ? <Figures {...props} /> : props.children}</div>
    </Panel>
  );
}

function Figures({ title, heads, rows, timeWords }: Parameters<typeof ChartFrame>[0]) {
  return (
    <div className="h-full overflow-auto">
      <table className="w-full" aria-label={title}>
        <thead>
          <tr>
            <th className="sticky top-0 bg-raised text-left text-label font-medium text-muted">From</th>
            {heads.map((head) => (
              <th key={head} className="sticky top-0 bg-raised text-right text-label font-medium text-muted">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows().map((row) => (
            <tr key={row.at}>
              <td>{timeWords(row.at)}</td>
              {row.cells.map((cell, index) => (
                <td key={heads[index]} className="text-right">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
