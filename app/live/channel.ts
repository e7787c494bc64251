import type { Nudge } from '#contracts/v1/live.ts';

/** What a page hears from the live stream, by whichever way it comes. */
export type ChannelMessage =
  | { type: 'nudge'; nudge: Nudge }
  | { type: 'presence'; caseId: string }
  | { type: 'incidents'; incidentId: string }
  | { type: 'stream'; up: boolean }
  | { type: 'signed-out' }
  | { type: 'lost' };

/** Four beats of the server (app/live/pulse.ts): a server that hangs says nothing at all. */
const silenceMs = 8_000;
const retryMs = 3_000;

/** Keeps one EventSource on `/live`, reopened for as long as it is wanted. Runs in the shared worker, or else in the page. */
export function openEventSource(tell: (message: ChannelMessage) => void): { close(): void } {
  let source: EventSource | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const drop = () => {
    clearTimeout(silence);
    source?.close();
    source = undefined;
  };
  const lose = () => {
    drop();
    if (closed) return;
    tell({ type: 'lost' });
    clearTimeout(retry);
    retry = setTimeout(open, retryMs);
  };
  const hear = (message: ChannelMessage) => {
    clearTimeout(silence);
    silence = setTimeout(lose, silenceMs);
    tell(message);
  };
  function open(): void {
    source = new EventSource('/live');
    // The hub has validated it before it was sent.
    source.addEventListener('nudge', (event) =>
      hear({ type: 'nudge', nudge: JSON.parse(event.data as string) as Nudge }),
    );
    source.addEventListener('presence', (event) => {
      const { case_id } = JSON.parse(event.data as string) as { case_id: string };
      hear({ type: 'presence', caseId: case_id });
    });
    source.addEventListener('incidents', (event) => {
      const { incident_id } = JSON.parse(event.data as string) as { incident_id: string };
      hear({ type: 'incidents', incidentId: incident_id });
    });
    source.addEventListener('stream', (event) => {
      const { up } = JSON.parse(event.data as string) as { up: boolean };
      hear({ type: 'stream', up });
    });
    source.addEventListener('signed-out', () => {
      tell({ type: 'signed-out' });
      lose();
    });
    source.onerror = lose;
    silence = setTimeout(lose, silenceMs);
  }
  open();
  return {
    close() {
      closed = true;
      clearTimeout(retry);
      drop();
    },
  };
}
