import { openEventSource, type ChannelMessage } from './channel.ts';

/** Connects this tab to the live stream: through the worker all tabs share, or alone where there is none. */
export function connectLive(hear: (message: ChannelMessage) => void): () => void {
  const worker = shareWorker();
  if (!worker) {
    const source = openEventSource(hear);
    return () => source.close();
  }
  worker.port.onmessage = ({ data }: MessageEvent<ChannelMessage>) => hear(data);
  // A worker cannot notice that a tab went away.
  const leave = () => worker.port.postMessage('leave');
  addEventListener('pagehide', leave);
  return () => {
    removeEventListener('pagehide', leave);
    leave();
    worker.port.close();
  };
}

function shareWorker(): SharedWorker | undefined {
  if (typeof SharedWorker === 'undefined') return undefined;
  try {
    return new SharedWorker(new URL('./shared-worker.ts', import.meta.url), { type: 'module', name: 'syncline-live' });
  } catch {
    return undefined;
  }
}
