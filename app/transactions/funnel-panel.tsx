import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Duration } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { FunnelStep, FunnelView } from '#app/presenters/transaction-funnel.ts';

const heads = ['Step', 'Completed', 'Still on the way', 'Stopped there', 'Finished without', 'Median since before'];
const wide = 'max-sm:hidden';

/** How far the transactions came. A bar is all of them: completed, still on the way (hatched), finished without it. */
export function FunnelPanel({ funnel, many }: { funnel: FunnelView; many: string }) {
  if (funnel.total === 0)
    return (
      <StateNotice kind="empty" title={`No ${many} match`}>
        Remove a filter, or choose a longer time.
      </StateNotice>
    );
  const line = funnel.steps.filter(({ onLine }) => onLine);
  const besides = funnel.steps.filter(({ onLine }) => !onLine);
  return (
    <div className="overflow-x-auto rounded border border-line bg-raised">
      <table aria-label={`Steps of ${formatNumber(funnel.total)} ${many}`} className="w-full">
        <thead>
          <tr className="h-8 text-label text-muted">
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={clsx(
                  'border-b border-line-strong px-2.5 font-medium max-sm:px-1.5 sm:whitespace-nowrap',
                  index === 0 ? 'text-left' : 'text-right',
                  index > 3 && wide,
                )}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {line.map((step) => (
            <Step key={step.step} step={step} total={funnel.total} />
          ))}
        </tbody>
        {besides.length > 0 && (
          <tbody>
            <tr>
              <th
                scope="rowgroup"
                colSpan={heads.length}
                className="h-8 px-2.5 text-left text-label font-medium text-muted"
              >
                Beside the line
              </th>
            </tr>
            {besides.map((step) => (
              <Step key={step.step} step={step} total={funnel.total} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function Step({ step, total }: { step: FunnelStep; total: number }) {
  const width = (count: number) => ({ width: `${(100 * count) / total}%` });
  const figure = (what: string, { count, path }: FunnelStep['completed'], look = '') =>
    count === 0 ? (
      <span className="text-muted">0</span>
    ) : (
      <Link
        to={path}
        aria-label={`${formatNumber(count)} ${what}: ${step.label}`}
        className={clsx('hover:underline', look)}
      >
        {formatNumber(count)}
      </Link>
    );
  return (
    <tr className="h-8 hover:bg-hover">
      <td className="border-b border-line px-2.5">
        <div className="flex items-center gap-3 max-sm:flex-col max-sm:items-stretch max-sm:gap-1 max-sm:py-1">
          <span className="w-52 shrink-0 truncate max-sm:w-auto">{step.label}</span>
          <span aria-hidden className="flex h-3 min-w-16 border max-sm:shrink-0 sm:flex-1 border-line bg-sunken">
            <Link
              tabIndex={-1}
              to={step.completed.path}
              className="bg-category-1"
              style={width(step.completed.count)}
            />
            <Link tabIndex={-1} to={step.waiting.path} className="hatched" style={width(step.waiting.count)} />
          </span>
        </div>
      </td>
      <td className="border-b border-line px-2.5 max-sm:px-1.5 text-right whitespace-nowrap">
        {figure('completed', step.completed)}
        <span className="ml-1.5 text-label text-muted max-sm:block">
          {Math.round((100 * step.completed.count) / total)} %
        </span>
      </td>
      <td className="border-b border-line px-2.5 max-sm:px-1.5 text-right">
        {figure('still on the way', step.waiting)}
      </td>
      <td className="border-b border-line px-2.5 max-sm:px-1.5 text-right">
        {figure('stopped there', step.stopped, 'font-medium text-bad')}
      </td>
      <td className={clsx('border-b border-line px-2.5 text-right', wide)}>
        {figure('finished without', step.without)}
      </td>
      <td className={clsx('border-b border-line px-2.5 text-right', wide)}>
        {step.sinceBeforeMs === undefined ? (
          <span className="text-muted">–</span>
        ) : (
          <Duration ms={step.sinceBeforeMs} />
        )}
      </td>
    </tr>
  );
}
