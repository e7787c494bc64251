import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Select, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { RerouteChoices } from './reroute-choices.ts';
import type { ActionResult } from '#app/commands/order.ts';

interface OrderActionsProps {
  number: string;
  held: boolean;
  open: boolean;
  /** Absent where it can be moved no more. */
  reroute: RerouteChoices | undefined;
}

const questions = {
  hold: {
    button: 'Hold',
    title: (number: string) => `Hold order ${number}?`,
    text: 'It stays where it is until somebody releases it. What is running now is finished first.',
    confirm: (number: string) => `Hold ${number}`,
  },
  release: {
    button: 'Release',
    title: (number: string) => `Release order ${number}?`,
    text: 'It goes on where it was held.',
    confirm: (number: string) => `Release ${number}`,
  },
  reroute: {
    button: 'Reroute',
    title: (number: string) => `Ship order ${number} from elsewhere?`,
    text: 'What has not begun to ship is taken back from its warehouse, set aside at the new location and released there.',
    confirm: (number: string) => `Reroute ${number}`,
  },
  cancel: {
    button: 'Cancel order',
    title: (number: string) => `Cancel order ${number}?`,
    text: 'What was done for it is undone in reverse: the warehouse is told, stock is given back, the sales order is closed and the authorisation released. This cannot be taken back.',
    confirm: (number: string) => `Cancel ${number}`,
  },
} as const;
type Intent = keyof typeof questions;

/** Hold, release, reroute and cancel, each with a question that names the order. */
export function OrderActions({ number, held, open, reroute }: OrderActionsProps) {
  const [asking, setAsking] = useState<Intent>();
  const fetcher = useFetcher<ActionResult>();
  const busy = fetcher.state !== 'idle';
  const result = busy ? undefined : fetcher.data;
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(undefined);
  }, [fetcher.state, fetcher.data]);
  const question = asking === undefined ? undefined : questions[asking];
  const choices: Intent[] = open
    ? [held ? 'release' : 'hold', ...(reroute ? (['reroute'] as const) : []), 'cancel']
    : [];
  return (
    <>
      {choices.map((intent) => (
        <Button key={intent} look={intent === 'cancel' ? 'danger' : 'secondary'} onClick={() => setAsking(intent)}>
          {questions[intent].button}
        </Button>
      ))}
      {result?.ok === true && asking === undefined && (
        <span role="status" className="text-good">
          {result.message}
        </span>
      )}
      {question && asking && (
        <Dialog open onOpenChange={(next) => (next ? undefined : setAsking(undefined))} title={question.title(number)}>
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <p>{question.text}</p>
            <input type="hidden" name="intent" value={asking} />
            {asking === 'reroute' && reroute && <RerouteFields {...reroute} />}
            <TextArea
              label={asking === 'release' ? 'Reason (optional)' : 'Reason'}
              name="reason"
              required={asking !== 'release'}
              maxLength={1000}
              autoFocus
            />
            {result?.ok === false && result.intent === asking && <Notice kind="bad">{result.message}</Notice>}
            <DialogButtons
              leave="Leave it as it is"
              onLeave={() => setAsking(undefined)}
              confirm={question.confirm(number)}
              danger={asking === 'cancel'}
              busy={busy}
            />
          </fetcher.Form>
        </Dialog>
      )}
    </>
  );
}

function RerouteFields({ from, to }: RerouteChoices) {
  return (
    <>
      {from.length > 1 && (
        <Select label="What ships from" name="from" required empty="Choose a location" options={from} />
      )}
      <Select label="Ships from now on from" name="to" required empty="Choose a location" options={to} />
    </>
  );
}
