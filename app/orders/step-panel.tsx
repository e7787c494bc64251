import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { SidePanel } from '#app/components/dialog.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Notice, Skeleton } from '#app/components/state-notice.tsx';
import { Duration, Instant } from '#app/components/values.tsx';
import type { OrderDocuments } from '#app/presenters/documents.ts';
import type { BarRow } from '#app/waterfall/layout.ts';
import { CallView } from './documents-view.tsx';
import { attributeFacts } from './step-attributes.tsx';

interface StepPanelProps {
  bar: BarRow | undefined;
  systemName: string;
  /** Where the call can be read; empty for who may not read payloads. */
  documents: string;
  onClose: () => void;
}

/** One attempt of one step: facts, what went wrong, and the call that was made. */
export function StepPanel({ bar, systemName, documents, onClose }: StepPanelProps) {
  const fetcher = useFetcher<OrderDocuments>();
  const { load } = fetcher;
  const seq = bar?.attempt.event.attributes['payload_seq'];
  useEffect(() => {
    if (seq !== undefined && documents !== '') load(documents);
  }, [load, documents, seq]);
  if (bar === undefined) return null;
  const { event } = bar.attempt;
  const call = fetcher.data?.sent.find((one) => String(one.seq) === seq);
  return (
    <SidePanel open onOpenChange={(open) => (open ? undefined : onClose())} title={bar.label} description={systemName}>
      <div className="flex flex-col gap-4">
        {bar.message !== '' && (
          <Notice kind={bar.status.tone === 'bad' ? 'bad' : 'warn'} title={bar.status.word}>
            {bar.message}
          </Notice>
        )}
        <Facts
          facts={[
            ['State', `${bar.status.glyph} ${bar.status.word}`],
            ['Attempt', bar.which || 'first'],
            ['Began', <Instant key="b" at={event.started_at} />],
            ['Took', <Duration key="t" ms={bar.duration} />],
            ...(bar.wait
              ? ([
                  [
                    'Before it',
                    <span key="w">
                      {bar.wait.label}, <Duration ms={bar.wait.duration} />
                    </span>,
                  ],
                ] as const)
              : []),
            ...(event.error_code === '' ? [] : ([['Error code', event.error_code]] as const)),
            ['Payload', `version ${event.payload_version}`],
            ...attributeFacts(event),
            ['Event', <Identifier key="e" value={event.event_id} longest={32} />],
          ]}
        />
        {seq !== undefined && documents !== '' && (
          <div className="h-[440px]">{call ? <CallView call={call} /> : <Skeleton className="h-full" />}</div>
        )}
      </div>
    </SidePanel>
  );
}
