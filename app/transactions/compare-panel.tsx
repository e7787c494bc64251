import { Form, Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { buttonClass } from '#app/components/button.tsx';
import { inputClass } from '#app/components/field.tsx';
import { instantOf } from '#app/components/local-time.ts';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Instant } from '#app/components/values.tsx';
import type { Change } from '#app/presenters/change.ts';
import type { ComparisonView } from '#app/presenters/transaction-compare.ts';
import type { TransactionsView } from '#app/presenters/transactions.ts';
import type { Comparison } from './compared-range.ts';

const choices: readonly (readonly [Comparison, string])[] = [
  ['before', 'The time before'],
  ['week', 'A week earlier'],
  ['custom', 'Another time'],
];

interface Props {
  comparison: ComparisonView | undefined;
  window: TransactionsView['window'];
}

/** Two windows beside each other under the same filters. */
export function ComparePanel({ comparison, window }: Props) {
  const [search] = useSearchParams();
  const wanted = choices.find(([id]) => id === search.get('compare'))?.[0] ?? 'before';
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <nav aria-label="Compared with" className="flex w-fit rounded border border-line-strong bg-raised">
          {choices.map(([id, word]) => {
            const next = new URLSearchParams(search);
            next.set('compare', id);
            return (
              <Link
                key={id}
                to={`?${next.toString()}`}
                preventScrollReset
                aria-current={id === wanted ? 'true' : undefined}
                className={clsx(
                  'flex min-h-[30px] items-center px-3 first:rounded-l-[5px] last:rounded-r-[5px] max-sm:min-h-10',
                  id === wanted ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover',
                )}
              >
                {word}
              </Link>
            );
          })}
        </nav>
        {wanted === 'custom' && <OtherTime />}
      </div>
      {comparison === undefined ? (
        <StateNotice kind="empty" title="Nothing to compare with yet">
          Choose the other time above: from when, and until when.
        </StateNotice>
      ) : (
        <Compared comparison={comparison} window={window} />
      )}
    </div>
  );
}

function Compared({ comparison, window }: { comparison: ComparisonView; window: Props['window'] }) {
  return (
    <>
      <p className="text-muted">
        What happened from <Instant at={window.from} /> to <Instant at={window.to} />, against from{' '}
        <Instant at={comparison.from} /> to <Instant at={comparison.to} />. All of it as it stands now, so that what
        happened longer ago had more time to finish.
      </p>
      <Lines
        label="Figures of both times"
        rows={comparison.lines.map(({ name, ...line }) => ({ id: name, name, ...line }))}
      />
      <Lines
        label="How far the transactions of both times came"
        rows={comparison.steps.map(({ step, label, now, before, change }) => ({
          id: step,
          name: `Completed: ${label}`,
          about: 'Share of the transactions that completed the step at least once.',
          now: { words: `${(100 * now.share).toFixed(1)} % (${now.count})`, path: now.path },
          before: { words: `${(100 * before.share).toFixed(1)} % (${before.count})`, path: before.path },
          change,
        }))}
      />
    </>
  );
}

interface Line {
  id: string;
  name: string;
  about: string;
  now: { words: string; path: string };
  before: { words: string; path: string };
  change: Change | undefined;
}

function Lines({ label, rows }: { label: string; rows: readonly Line[] }) {
  const side = ({ words, path }: Line['now']) =>
    path === '' ? (
      words
    ) : (
      <Link to={path} className="hover:text-accent hover:underline">
        {words}
      </Link>
    );
  return (
    <div className="overflow-x-auto rounded border border-line bg-raised">
      <table aria-label={label} className="w-full">
        <thead>
          <tr className="h-8 text-label text-muted">
            {['', 'This time', 'Compared with', 'Change'].map((head, index) => (
              <th
                key={head}
                scope="col"
                className={clsx(
                  'border-b border-line-strong px-2.5 font-medium',
                  index === 0 ? 'text-left' : 'text-right',
                )}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, about, now, before, change }) => (
            <tr key={id} className="h-8 hover:bg-hover">
              <th scope="row" title={about} className="border-b border-line px-2.5 text-left font-normal">
                {name}
              </th>
              <td className="border-b border-line px-2.5 text-right whitespace-nowrap">{side(now)}</td>
              <td className="border-b border-line px-2.5 text-right whitespace-nowrap">{side(before)}</td>
              <td
                className={clsx(
                  'border-b border-line px-2.5 text-right whitespace-nowrap',
                  change?.better === true && 'text-good',
                  change?.better === false && 'text-bad',
                )}
              >
                {change === undefined ? <span className="text-muted">–</span> : change.words}
                {change?.better !== undefined && (
                  <span className="sr-only">{change.better ? ', better' : ', worse'}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Local wall times of the browser, sent as instants. */
function OtherTime() {
  const [search] = useSearchParams();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const fields = [
    ['From (your time)', from, setFrom],
    ['Until, not included', to, setTo],
  ] as const;
  return (
    <Form className="flex flex-wrap items-end gap-2" preventScrollReset>
      {[...search]
        .filter(([name]) => !['compare_from', 'compare_to'].includes(name))
        .map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
      <input type="hidden" name="compare_from" value={instantOf(from)} />
      <input type="hidden" name="compare_to" value={instantOf(to)} />
      {fields.map(([label, value, set]) => (
        <label key={label} className="text-label text-muted">
          {label}
          <input
            type="datetime-local"
            required
            className={inputClass}
            value={value}
            onChange={(event) => set(event.target.value)}
          />
        </label>
      ))}
      <button type="submit" disabled={from === '' || to === '' || from >= to} className={buttonClass('primary')}>
        Compare
      </button>
    </Form>
  );
}
