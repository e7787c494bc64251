import { Link } from '@remix-run/react';
import { formatNumber } from '#app/format.ts';
import type { DriftLine } from '#app/presenters/inventory-items.ts';

/** "+3", "−2": theirs less ours. */
export const signed = (value: number): string =>
  value > 0 ? `+${formatNumber(value)}` : `${value < 0 ? '−' : ''}${formatNumber(Math.abs(value))}`;

/** What comparisons found, each leading to its break. */
export function Drifts({ drifts }: { drifts: readonly DriftLine[] }) {
  if (drifts.length === 0) return <span className="text-muted">–</span>;
  return (
    <span className="flex gap-2">
      {drifts.map((drift) => (
        <Link key={drift.id} to={drift.path} className="text-warn hover:underline">
          {drift.name} {signed(drift.difference)}
        </Link>
      ))}
    </span>
  );
}
