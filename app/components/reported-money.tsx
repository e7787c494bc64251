import { Link } from '@remix-run/react';
import type { ComponentProps } from 'react';
import { ratesPath } from '#app/rates/paths.ts';
import { Hint } from './hint.tsx';
import { Money } from './values.tsx';

/** A sum over currencies in the reporting currency: on hover by which rates it was worked out, and a link to their table. */
export function ReportedMoney({ rates, ...money }: ComponentProps<typeof Money> & { rates: string }) {
  if (rates === '') return <Money {...money} />;
  return (
    <Hint text={rates}>
      <Link to={ratesPath} className="hover:underline">
        <Money {...money} />
      </Link>
    </Hint>
  );
}
