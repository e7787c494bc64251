import { clsx } from 'clsx';
import { Instant } from '#app/components/values.tsx';
import { formatDuration } from '#app/format.ts';
import type { Milestone } from './lifecycle-strip.ts';

const shapes: Record<Milestone['state'], string> = { reached: '●', current: '◉', ahead: '○', skipped: '–' };
const words: Record<Milestone['state'], string> = {
  reached: 'reached',
  current: 'the order is here',
  ahead: 'not yet',
  skipped: 'passed over',
};

/** Milestones from left to right (top to bottom on a phone) with when, and how long after the order was placed. */
export function LifecycleView({ milestones }: { milestones: readonly Milestone[] }) {
  return (
    <ol aria-label="Lifecycle" className="flex gap-x-1 gap-y-2 max-sm:flex-col sm:overflow-x-auto">
      {milestones.map(({ id, word, at, afterMs, state }) => (
        <li
          key={id}
          aria-current={state === 'current' ? 'step' : undefined}
          className="flex min-w-28 flex-1 gap-2 sm:flex-col sm:gap-1"
        >
          <div className="flex items-center gap-1 max-sm:order-first">
            <span
              aria-hidden
              className={state === 'current' ? 'text-accent' : state === 'reached' ? 'text-good' : 'text-muted'}
            >
              {shapes[state]}
            </span>
            <span
              aria-hidden
              className={clsx('hidden h-px flex-1 sm:block', state === 'reached' ? 'bg-good' : 'bg-line')}
            />
          </div>
          <div>
            <span className={clsx('block', state === 'current' && 'font-semibold', state === 'ahead' && 'text-muted')}>
              {word}
              <span className="sr-only">, {words[state]}</span>
            </span>
            <span className="block min-h-4 text-label text-muted">
              {at === '' ? (
                ' '
              ) : (
                <Instant at={at} words={afterMs === 0 ? 'the start' : `+${formatDuration(afterMs ?? 0)}`} />
              )}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
