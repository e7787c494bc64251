import { Notice } from '#app/components/state-notice.tsx';
import type { CaseResult } from '#app/commands/case.ts';

interface ResultNoticeProps {
  result: CaseResult | undefined;
  /** Intents whose success shows elsewhere. */
  quiet?: readonly string[];
}

/** What became of an action, beside it. Who came second learns who was first and with what. */
export function ResultNotice({ result, quiet = [] }: ResultNoticeProps) {
  if (result === undefined || (result.ok && quiet.includes(result.intent))) return null;
  if (result.first !== undefined)
    return (
      <Notice kind="warn" title="Somebody was first" className="mt-2">
        {result.first}. {result.message} What you wrote is still here.
      </Notice>
    );
  return (
    <Notice kind={result.ok ? 'good' : 'bad'} className="mt-2">
      {result.message}
    </Notice>
  );
}
