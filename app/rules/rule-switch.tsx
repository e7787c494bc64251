import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { formatNumber } from '#app/format.ts';
import type { RuleResult } from '#app/commands/rule.ts';
import type { RuleView } from '#app/presenters/rule-page.ts';
import { rulePath } from './paths.ts';

/** Switches one rule on, telling what its preview found, or off. */
export function RuleSwitch({ view }: { view: RuleView }) {
  const fetcher = useFetcher<RuleResult>({ key: `switch:${view.id}` });
  const [asking, setAsking] = useState(false);
  const { enabled } = view;
  const preview = view.previews.find(({ state }) => state.word === 'done');
  return (
    <>
      <Button look={enabled ? 'danger' : 'primary'} onClick={() => setAsking(true)}>
        {enabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={enabled ? `Switch “${view.name}” off?` : `Switch “${view.name}” on?`}
      >
        <fetcher.Form
          method="post"
          action={rulePath(view.id)}
          className="flex flex-col gap-3"
          onSubmit={() => setAsking(false)}
        >
          <input type="hidden" name="intent" value="switch" />
          <input type="hidden" name="version" value={view.version} />
          <input type="hidden" name="enabled" value={String(!enabled)} />
          {enabled ? (
            <p>Orders that arrive with this cause will open a case again. Those it has cured stay as they are.</p>
          ) : preview === undefined ? (
            <Notice kind="warn" title="This version has not been tried">
              Try it on real orders first: the preview sends nothing.
            </Notice>
          ) : (
            <p>
              Of {formatNumber(preview.tried)} real orders it was tried on, {formatNumber(preview.cured)} would go on
              that were stopped, {formatNumber(preview.notCured)} would still stop, and all others stay as they are.
            </p>
          )}
          <Field label="Reason (optional)" name="reason" autoFocus maxLength={1000} />
          <DialogButtons
            leave="Leave it as it is"
            onLeave={() => setAsking(false)}
            confirm={enabled ? 'Switch it off' : 'Switch it on'}
            danger={enabled}
            busy={fetcher.state !== 'idle'}
          />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
