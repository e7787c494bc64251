import { Link } from '@remix-run/react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { casePath } from '#app/orders/paths.ts';
import type { CaseView } from '#app/presenters/case-page.ts';

interface CuresProps extends Pick<CaseView, 'cures'> {
  /** Puts a cure into the form that is open; absent where there is none. */
  onTake?: (code: string, target: string) => void;
}

/** What fixed this cause before, and who did it: the quickest teacher. */
export function Cures({ cures, onTake }: CuresProps) {
  if (cures.length === 0) return null;
  return (
    <Panel title="What fixed this cause before">
      <ul className="flex flex-col gap-2">
        {cures.map((cure) => (
          <li key={cure.caseId}>
            <Link to={casePath(cure.caseId)} className="hover:text-accent">
              <span className="font-medium">{cure.who}</span> {cure.did}
            </Link>
            <span className="text-label text-muted">
              {' '}
              <RelativeTime at={cure.at} />
            </span>
            {cure.note !== '' && <p className="text-muted">{cure.note}</p>}
            {cure.target !== '' && onTake && (
              <Button look="quiet" className="-ml-3" onClick={() => onTake(cure.code, cure.target)}>
                Use {cure.target} again
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
