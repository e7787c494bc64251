import { openEventSource, type ChannelMessage } from './channel.ts';

/** One live connection for all tabs of the console: HTTP/1.1 allows six a host. */
const ports = new Set<MessagePort>();
let source: { close(): void } | undefined;
let latest: ChannelMessage | undefined;

function tell(message: ChannelMessage): void {
  if (message.type === 'stream' || message.type === 'signed-out' || message.type === 'lost') latest = message;
  for (const port of ports) port.postMessage(message);
}

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== 'leave') return;
    ports.delete(port);
    if (ports.size > 0) return;
    source?.close();
    source = undefined;
    latest = undefined;
  };
  if (latest) port.postMessage(latest);
  source ??= openEventSource(tell);
});
