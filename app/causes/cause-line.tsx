import { Link } from '@remix-run/react';
import type { Standing } from '#app/presenters/causes-now.ts';
import { CauseMarks } from './cause-marks.tsx';
import { causePath } from './paths.ts';

/** Above the cases of one cause: what was decided about it, and the way to its page. */
export function CauseLine({ standing }: { standing: Standing }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-3">
      <Link to={causePath(standing.fingerprint)} className="text-accent hover:underline max-sm:py-2">
        About this cause
      </Link>
      <span className="text-muted">{standing.owner === '' ? 'nobody owns it' : `owned by ${standing.owner}`}</span>
      <CauseMarks standing={standing} />
    </p>
  );
}
