import { Check, Copy } from 'lucide-react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { middleEllipsis } from '#app/format.ts';

/** An identifier in monospace, ellipsed in the middle, copied whole by a click. */
export function Identifier({
  value,
  longest = 22,
  className,
}: {
  value: string;
  longest?: number;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  if (value === '') return <span className="text-muted">–</span>;
  const copy = () => {
    void navigator.clipboard.writeText(value).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <button
      type="button"
      onClick={copy}
      title={`${value} (click to copy)`}
      className={clsx(
        'group inline-flex min-h-6 max-w-full items-center gap-1 font-mono text-[12px] hover:text-accent',
        className,
      )}
    >
      <span className="sr-only">Copy </span>
      <span className="truncate">{middleEllipsis(value, longest)}</span>
      {copied ? (
        <Check aria-hidden className="size-3 shrink-0 text-good" />
      ) : (
        <Copy
          aria-hidden
          className="size-3 shrink-0 text-muted opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
        />
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}
