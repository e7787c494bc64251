import { LoaderCircle } from 'lucide-react';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { ReplayProgress } from './progress.ts';

const looks = { running: 'info', resolved: 'good', failed_again: 'bad' } as const;

/** What the flow really does after a replay, until it really got past the step or stopped again. */
export function ProgressView({ progress }: { progress: ReplayProgress }) {
  return (
    <Notice kind={looks[progress.outcome]}>
      <div aria-live="polite" className="flex flex-col gap-1">
        <p className="flex items-center gap-2 font-medium">
          {progress.outcome === 'running' && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
          {progress.words}
        </p>
        <ol className="flex flex-wrap gap-x-4 gap-y-0.5">
          {progress.steps.map((step) => (
            <li key={step.id} title={step.message}>
              <StatusMark condition={step.status.tone} word={`${step.label} – ${step.status.word}`} />
            </li>
          ))}
        </ol>
      </div>
    </Notice>
  );
}
