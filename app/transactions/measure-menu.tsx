import { useSearchParams } from '@remix-run/react';
import { inputClass } from '#app/components/field.tsx';
import type { TransactionsView } from '#app/presenters/transactions.ts';

/** Chooses which latency is meant. A span that was chosen of another latency goes. */
export function MeasureMenu({ latency }: { latency: TransactionsView['latency'] }) {
  const [search, setSearch] = useSearchParams();
  if (latency.measures.length < 2) return null;
  return (
    <label className="flex items-center gap-2 text-label text-muted">
      Latency
      <select
        className={`${inputClass} w-auto!`}
        value={latency.measure}
        onChange={(event) => {
          const next = new URLSearchParams(search);
          for (const name of ['latency', 'page']) next.delete(name);
          next.set('of', event.target.value);
          setSearch(next, { preventScrollReset: true });
        }}
      >
        {latency.measures.map(({ id, word }) => (
          <option key={id} value={id}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}
