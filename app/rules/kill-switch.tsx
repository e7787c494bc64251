import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { Instant } from '#app/components/values.tsx';
import type { RuleResult } from '#app/commands/rule.ts';
import { rulesPath } from './paths.ts';

interface Off {
  by: string;
  at: string;
  reason: string;
}

/** Says, wherever rules are looked at, that none of them applies, and why. */
export function RulesOff({ off }: { off: Off | undefined }) {
  if (off === undefined) return null;
  return (
    <Notice kind="bad" title="All repair rules are switched off">
      No rule applies to arriving orders; what would have been cured opens a case. By {off.by}, <Instant at={off.at} />:
      “{off.reason}”
    </Notice>
  );
}

function ofRules(on: number): string {
  if (on === 0) return 'No rule is on at present; those switched on later';
  return on === 1 ? 'The rule that is on' : `The ${on} rules that are on`;
}

/** The one switch of all rules, with a question first. */
export function KillSwitch({ off, on }: { off: boolean; on: number }) {
  const fetcher = useFetcher<RuleResult>();
  const [asking, setAsking] = useState(false);
  const busy = fetcher.state !== 'idle';
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(false);
  }, [fetcher.state, fetcher.data]);
  return (
    <>
      <Button look={off ? 'secondary' : 'danger'} onClick={() => setAsking(true)}>
        {off ? 'Let rules apply again' : 'Switch all rules off'}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={off ? 'Let the repair rules apply again?' : 'Switch all repair rules off?'}
      >
        <fetcher.Form method="post" action={`${rulesPath}?index`} className="flex flex-col gap-3">
          <p>
            {off
              ? `${ofRules(on)} will apply to orders from now on.`
              : `${ofRules(on)} will not apply to any order that arrives from now on, until somebody lets them. Orders they have cured stay as they are.`}
          </p>
          <input type="hidden" name="enabled" value={String(off)} />
          <TextArea label="Reason" name="reason" required maxLength={1000} autoFocus />
          {!busy && fetcher.data?.ok === false && <Notice kind="bad">{fetcher.data.message}</Notice>}
          <DialogButtons
            leave="Leave it as it is"
            onLeave={() => setAsking(false)}
            confirm={off ? 'Let them apply' : 'Switch them all off'}
            danger={!off}
            busy={busy}
          />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
