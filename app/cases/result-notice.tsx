import { Link } from '@remix-run/react';
import { Notice } from '#app/components/state-notice.tsx';
import { casePath } from '#app/orders/paths.ts';
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
      {result.because === 'another_case_first' ? <WithCaseLinks text={result.message} /> : result.message}
    </Notice>
  );
}

const caseIdForm = /\b([0-9a-f]{20})\b/;

/** A message in which the id of a case leads to it. */
function WithCaseLinks({ text }: { text: string }) {
  return text.split(caseIdForm).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <Link key={part} to={casePath(part)} className="font-mono text-[12px] text-accent underline">
        {part}
      </Link>
    ),
  );
}
