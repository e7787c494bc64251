import { Panel } from '#app/components/page.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import type { ReturnLine } from '#app/presenters/returns.ts';
import { ReturnState } from '#app/returns/return-state.tsx';

/** What came back of the order, where anything did. */
export function OrderReturns({ returns }: { returns: readonly ReturnLine[] }) {
  if (returns.length === 0) return null;
  return (
    <Panel title="Returns" note={`${returns.length}`}>
      <ul className="flex flex-col gap-2">
        {returns.map((line) => (
          <li key={line.key} className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium" title={line.key}>
              {line.number}
            </span>
            <ReturnState line={line} />
            {line.currency !== '' && <Money amount={line.amount} currency={line.currency} />}
            <span className="ml-auto text-label text-muted">
              <RelativeTime at={line.requestedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
