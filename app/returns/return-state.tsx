import { Link } from '@remix-run/react';
import { StatusMark } from '#app/components/status-mark.tsx';
import { casePath } from '#app/orders/paths.ts';
import type { ReturnLine } from '#app/presenters/returns.ts';

/** Where a return stands; one in quarantine leads to its case. */
export function ReturnState({ line }: { line: Pick<ReturnLine, 'condition' | 'word' | 'note' | 'caseId'> }) {
  const mark = <StatusMark condition={line.condition} word={line.word} />;
  if (line.caseId === '') return <span title={line.note}>{mark}</span>;
  return (
    <Link to={casePath(line.caseId)} title={line.note} className="hover:underline">
      {mark}
    </Link>
  );
}
