import { Money } from '#app/components/values.tsx';
import { formatDecimal } from '#app/format.ts';

/** What a side says: an amount with its currency, or units. A side that knows nothing of it says so. */
export function Figure({ value, currency, signed }: { value: string; currency: string; signed?: boolean }) {
  if (value === '') return <span className="text-muted">not there</span>;
  const plus = signed === true && !value.startsWith('-') && Number(value) !== 0 ? '+' : '';
  return (
    <span className="whitespace-nowrap">
      {plus}
      {currency === '' ? formatDecimal(value, 0) : <Money amount={value} currency={currency} />}
    </span>
  );
}
