import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#app/components/button.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { mostSearched, type PastedValues } from './pasted-values.ts';

/** Which of the pasted numbers the list does not answer for, to be copied and asked elsewhere. */
export function MissingValues({ pasted }: { pasted: PastedValues }) {
  const { notFound, filteredOut, notLookedUp } = pasted;
  if (notFound.length + filteredOut.length + notLookedUp.length === 0) return null;
  return (
    <Notice kind="warn" className="flex flex-col gap-3">
      <Values title="Not found" values={notFound}>
        No order has them as a number, external id, SKU, document or tracking number.
      </Values>
      <Values title="Left out by the filters" values={filteredOut}>
        Their orders exist; remove a filter to see them.
      </Values>
      <Values title="Not looked up" values={notLookedUp}>
        At most {mostSearched} numbers are looked up at once; paste these by themselves.
      </Values>
    </Notice>
  );
}

function Values({ title, values, children }: { title: string; values: readonly string[]; children: ReactNode }) {
  const [copied, setCopied] = useState(false);
  if (values.length === 0) return null;
  const copy = () => {
    void navigator.clipboard.writeText(values.join('\n')).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  const Icon = copied ? Check : Copy;
  return (
    <section aria-label={title} className="mt-1 first:mt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium">
          {title}: {values.length}
        </h2>
        <p className="text-muted">{children}</p>
        <Button onClick={copy} className="ml-auto max-sm:h-10">
          <Icon aria-hidden className="size-4 text-muted" /> {copied ? 'Copied' : 'Copy the list'}
        </Button>
      </div>
      <p
        tabIndex={0}
        aria-label={`${title}, as a list`}
        className="mt-1 max-h-24 overflow-auto font-mono text-[12px] leading-5 break-words"
      >
        {values.join(', ')}
      </p>
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </section>
  );
}
