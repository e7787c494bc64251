import { ReportedMoney } from '#app/components/reported-money.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { MissingOrdersView } from '#app/presenters/missing-orders.ts';
import { FetchMissing } from './fetch-missing.tsx';

/** Says how many of the listed breaks are missing orders, and offers to fetch them. */
export function MissingBar({ missing, rates }: { missing: MissingOrdersView; rates: string }) {
  const { orders, value } = missing;
  return (
    <section
      aria-label={figures.missingOrders.name}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded border border-line bg-raised px-3 py-2"
    >
      <span title={figures.missingOrders.definition}>
        <span className="font-medium">
          {formatNumber(orders)} {orders === 1 ? 'order' : 'orders'}
        </span>{' '}
        of this list never arrived, <ReportedMoney amount={value.amount} currency={value.currency} rates={rates} />
      </span>
      <span className="ml-auto">
        <FetchMissing missing={missing} />
      </span>
    </section>
  );
}
