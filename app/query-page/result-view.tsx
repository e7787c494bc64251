import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { Segmented } from '#app/components/segmented.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { QueryResult } from '#app/sql/progress.ts';
import { firstChoice } from './chart-data.ts';
import { downloadCsv } from './download.ts';
import { ResultChart } from './result-chart.tsx';
import { ResultTable } from './result-table.tsx';

/** What a query answered: table or chart, what it read, and the file of it. */
export function ResultView({ result, name }: { result: QueryResult; name: string }) {
  const [as, setAs] = useState<'table' | 'chart'>('table');
  const [choice, setChoice] = useState(() => firstChoice(result));
  const rows = formatNumber(result.rows.length);
  return (
    <Panel
      title="Result"
      note={`${result.more ? `the first ${rows} rows` : rows === '1' ? '1 row' : `${rows} rows`}, ${formatDuration(result.milliseconds)}, read ${formatNumber(result.rowsRead)} rows (${bytesInWords(result.bytesRead)})`}
      flush
      actions={
        <>
          {choice && (
            <Segmented
              name="result-as"
              label="Show the result as"
              choices={[
                ['table', 'Table'],
                ['chart', 'Chart'],
              ]}
              value={as}
              onChange={setAs}
            />
          )}
          <Button onClick={() => downloadCsv(result, name)} disabled={result.rows.length === 0}>
            <Download aria-hidden className="size-4 text-muted" /> CSV
          </Button>
        </>
      }
    >
      {result.more && (
        <p className="border-b border-line bg-warn-soft px-3 py-1.5">
          ▲ There are more rows than these. Group, filter or add a LIMIT to see what you mean; the CSV has these rows
          only.
        </p>
      )}
      {result.rows.length === 0 ? (
        <StateNotice kind="empty" title="No row fits">
          The query ran and found nothing. A wider time range at the top may.
        </StateNotice>
      ) : as === 'chart' && choice ? (
        <ResultChart result={result} choice={choice} onChoose={setChoice} />
      ) : (
        <ResultTable result={result} />
      )}
    </Panel>
  );
}

/** "1.2 MB", in powers of a thousand. */
function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : (bytes / 1_000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}
