import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { ActionResult } from '#app/commands/order.ts';

interface OrderActionsProps {
  number: string;
  held: boolean;
  open: boolean;
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
  cancel: {
    button: 'Cancel order',
    title: (number: string) => `Cancel order ${number}?`,
    text: 'What was done for it is undone in reverse: the warehouse is told, stock is given back, the sales order is closed and the authorisation released. This cannot be taken back.',
    confirm: (number: string) => `Cancel ${number}`,
  },
} as const;
type Intent = keyof typeof questions;

/** Hold, release and cancel, each with a question that names the order. */
export function OrderActions({ number, held, open }: OrderActionsProps) {
  const [asking, setAsking] = useState<Intent>();
  const fetcher = useFetcher<ActionResult>();
  const busy = fetcher.state !== 'idle';
  const result = busy ? undefined : fetcher.data;
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(undefined);
  }, [fetcher.state, fetcher.data]);
  const question = asking === undefined ? undefined : questions[asking];
  const choices: Intent[] = open ? [held ? 'release' : 'hold', 'cancel'] : [];
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
