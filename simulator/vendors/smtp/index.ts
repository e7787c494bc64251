import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Store } from '../../store.ts';
import type { Conditions } from '../../conditions.ts';

interface Mail {
  messageId: string;
  to: string[];
  subject: string;
  at: string;
  repeats: number;
}

export interface MailSink {
  url: string;
  state(): Record<string, unknown>;
  counts(): Record<string, number>;
  close(): Promise<void>;
}

/** Of the newest so many mails the whole text is kept, until the sink stops. */
const WHOLE_MAILS = 50;
const LONGEST = 1_048_576;

/** An SMTP server that takes every message, keeps its Message-ID and delivers nothing. */
export async function startMailSink(options: {
  id: string;
  host: string;
  port: number;
  store: Store;
  conditions: Conditions;
}): Promise<MailSink> {
  const { id, conditions } = options;
  const mails = options.store.collection<Mail>(`${id}.messages`);
  const sources = new Map<string, string>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    // Senders keep their connection open for the next mail; whoever stops the sink does not wait for that.
    closeTimeout: 200,
    onData: (stream, session, callback) => {
      let source = '';
      stream.on('data', (chunk: Buffer) => {
        if (source.length < LONGEST) source += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const fault = conditions.maintenanceLeft(id) > 0 ? 'error' : conditions.strike(id);
        if (fault === 'error' || fault === 'throttle') {
          callback(Object.assign(new Error('4.3.2 Service temporarily unavailable'), { responseCode: 451 }));
          return;
        }
        const header = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'im').exec(source)?.[1]?.trim() ?? '';
        const messageId = header('Message-ID') || `<none-${mails.size + 1}@simulated.example>`;
        const known = mails.get(messageId);
        if (known !== undefined) known.repeats++;
        mails.put(
          messageId,
          known ?? {
            messageId,
            to: session.envelope.rcptTo.map((recipient) => recipient.address),
            subject: header('Subject'),
            at: new Date().toISOString(),
            repeats: 0,
          },
        );
        sources.set(messageId, source);
        const [oldest] = sources.keys();
        if (sources.size > WHOLE_MAILS && oldest !== undefined) sources.delete(oldest);
        setTimeout(() => callback(null, `2.0.0 OK ${messageId}`), conditions.latency('smtp'));
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // A client that hangs up in the middle is no concern of the sink's.
  server.on('error', () => undefined);
  const port = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://${options.host}:${port}`,
    state: () => ({
      messages: [...mails.values()].map((mail) => ({ ...mail, source: sources.get(mail.messageId) ?? '' })),
    }),
    counts: () => ({
      messages: mails.size,
      repeats: [...mails.values()].reduce((sum, mail) => sum + mail.repeats, 0),
    }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
