import { clsx } from 'clsx';
import { Download } from 'lucide-react';
import { buttonClass } from './button.tsx';

/** Downloads what a list holds, by the address of its export; left out on a phone, which has no use for the file. */
export function CsvLink({ to, className }: { to: string; className?: string }) {
  return (
    <a href={to} download className={buttonClass('secondary', clsx('max-sm:hidden', className))}>
      <Download aria-hidden className="size-4 text-muted" /> CSV
    </a>
  );
}
