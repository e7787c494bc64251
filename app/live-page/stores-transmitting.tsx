import { Link } from '@remix-run/react';
import { Panel } from '#app/components/page.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { formatNumber } from '#app/format.ts';
import type { StoresInState } from '#app/presenters/live-stores.ts';

/** How many stores transmit as they should, and how many do not; each count leads to those stores. */
export function StoresTransmitting({ states }: { states: readonly StoresInState[] }) {
  if (states.length === 0) return null;
  const all = states.reduce((sum, { stores }) => sum + stores, 0);
  return (
    <Panel title="Stores transmitting" note={`${formatNumber(all)} stores, now`}>
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {states.map(({ word, condition, stores, to }) => (
          <li key={word}>
            <Link
              to={to}
              aria-label={`${formatNumber(stores)} ${word}`}
              className="flex min-h-6 items-baseline gap-2 hover:underline"
            >
              <span className="font-semibold">{formatNumber(stores)}</span>
              <StatusMark condition={condition} word={word} />
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
