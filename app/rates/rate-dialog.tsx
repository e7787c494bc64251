import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { RateResult } from '#app/commands/rate.ts';
import type { RateLine } from '#app/presenters/rates.ts';
import { ratesPath } from './paths.ts';

interface Props {
  /** The rate to be corrected, or what a new one begins with. */
  draft: Pick<RateLine, 'day' | 'currency' | 'rate' | 'version'>;
  reportingCurrency: string;
  onClose: () => void;
  onDone: (result: RateResult) => void;
}

/** Asks for the rate of a currency from a day on. A correction needs a reason. */
export function RateDialog({ draft, reportingCurrency, onClose, onDone }: Props) {
  const fetcher = useFetcher<RateResult>();
  const { state, data } = fetcher;
  const correcting = draft.version > 0;
  useEffect(() => {
    if (state === 'idle' && data?.ok === true) onDone(data);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  const problems = state === 'idle' ? data?.problems : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={correcting ? `Correct ${draft.currency} of ${draft.day}` : 'Set a rate'}
      description="It holds from its day on (UTC), until a later day has one."
    >
      <fetcher.Form method="post" action={`${ratesPath}?index`} className="flex flex-col gap-3" noValidate>
        <input type="hidden" name="version" value={draft.version} />
        <div className="grid gap-3 sm:grid-cols-2">
          <Field
            label="Currency"
            name="currency"
            required
            maxLength={3}
            readOnly={correcting}
            defaultValue={draft.currency}
            problem={problems?.currency}
          />
          <Field
            label="From day (UTC)"
            name="day"
            type="date"
            required
            readOnly={correcting}
            defaultValue={draft.day}
            problem={problems?.day}
          />
        </div>
        <Field
          label={`One of it in ${reportingCurrency}`}
          name="rate"
          required
          inputMode="decimal"
          autoComplete="off"
          maxLength={20}
          defaultValue={draft.rate}
          problem={problems?.rate}
          autoFocus
        />
        <TextArea
          label={correcting ? 'Reason' : 'Reason (not needed)'}
          name="reason"
          required={correcting}
          maxLength={1000}
        />
        {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
        <DialogButtons
          leave="Leave it"
          onLeave={onClose}
          confirm={correcting ? 'Correct it' : 'Set it'}
          busy={state !== 'idle'}
        />
      </fetcher.Form>
    </Dialog>
  );
}
