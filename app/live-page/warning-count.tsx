import { Link } from '@remix-run/react';
import { StatusMark } from '#app/components/status-mark.tsx';
import { figures } from '#app/figures.ts';
import { warningsPath } from '#app/connectors/paths.ts';
import type { LiveView } from '#app/presenters/live.ts';
import { warningCountWords } from '#app/words/warnings.ts';

/** How many early warnings hold; it is there also where none does, so that nothing moves when one comes. */
export function WarningCount({ warnings, pressing, evaluated }: LiveView['warnings']) {
  const words = warningCountWords(warnings, evaluated);
  return (
    <Link
      to={warningsPath}
      title={figures.warnings.definition}
      className="flex min-h-6 min-w-24 items-center justify-end hover:underline"
    >
      <StatusMark condition={warnings === 0 ? 'none' : pressing > 0 ? 'bad' : 'warn'} word={words} />
    </Link>
  );
}
