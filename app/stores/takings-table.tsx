import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Money } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { TakingsLine } from '#app/presenters/store-takings.ts';

const tenders = { cash: 'Cash', card: 'Cards', gift_card: 'Gift cards' } as const;

const columns: readonly TableColumn<TakingsLine>[] = [
  {
    id: 'company',
    header: 'Company',
    fixed: true,
    cell: (line) => (
      <div className="max-sm:py-1">
        {line.company}
        <span className="block text-label text-muted sm:hidden">{line.ownership}</span>
      </div>
    ),
  },
  { id: 'whose', header: 'Ownership', wideOnly: true, cell: (line) => line.ownership },
  { id: 'stores', header: 'Stores', numeric: true, wideOnly: true, cell: (line) => formatNumber(line.stores) },
  ...(['cash', 'card', 'gift_card'] as const).map((tender): TableColumn<TakingsLine> => ({
    id: tender,
    header: tenders[tender],
    numeric: true,
    cell: (line) => <Money amount={line.amounts[tender] ?? ''} currency={line.currency} />,
  })),
];

/** What stores took on a day, by company, ownership and tender. A row leads to the stores that it counts. */
export function TakingsTable({ date, lines }: { date: string; lines: readonly TakingsLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={`Takings of ${date}`} className="flex flex-col gap-2">
      <h2 className="font-medium">
        Takings of {date} <span className="text-label text-muted">of the days that reconciled, returns taken off</span>
      </h2>
      <DataTable
        label="Takings by company"
        columns={columns}
        rows={lines}
        rowKey={({ company, ownership, currency }) => `${company} ${ownership} ${currency}`}
        rowPath={({ company, ownership }) => `/stores?${new URLSearchParams({ company, ownership }).toString()}`}
        empty={null}
      />
    </section>
  );
}
