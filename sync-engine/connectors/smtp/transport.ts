import nodemailer from 'nodemailer';
import type { System } from '#contracts/v1/estate.ts';
import type { Secrets, Transport } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { credential } from '../transport/credentials.ts';
import { timedOut } from '../transport/timed-out.ts';
import { classifyMailError } from './classify.ts';
import { mailBody, mailError, mailHeaders } from './contract.ts';

/**
 * The way to a mail server. `base_url` is smtp://host:port, or smtps:// for TLS from the start; with the settings
 * `user` and `password` (a secret) it signs in. A prepared mail's headers, text and HTML are sent as they stand.
 */
export function openSmtpTransport(system: System, secrets: Secrets): Transport {
  const url = new URL(system.base_url);
  const secure = url.protocol === 'smtps:';
  const longestMs = system.limits.timeout_s * 1000;
  const user = system.settings['user'];
  const pool = nodemailer.createTransport({
    pool: true,
    host: url.hostname,
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    maxConnections: system.limits.concurrency,
    connectionTimeout: Math.min(longestMs, 5_000),
    greetingTimeout: longestMs,
    socketTimeout: longestMs,
    // Mail is made of text only: nothing in an order may make us read a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: credential(system, 'password', secrets) } }),
  });

  return {
    async send(call, context) {
      const headers = mailHeaders.parse(call.headers);
      const body = mailBody.parse(JSON.parse(call.body));
      try {
        const sent = await within(
          Math.min(context.timeoutMs ?? longestMs, longestMs),
          pool.sendMail({
            from: headers.from,
            to: headers.to,
            subject: headers.subject,
            messageId: headers['message-id'],
            text: body.mail_text,
            html: body.mail_html,
          }),
          system,
        );
        return { status: Number(/^\d{3}/.exec(sent.response)?.[0] ?? 250), headers: {}, body: sent.response };
      } catch (error) {
        if (error instanceof ConnectorError) throw error;
        const known = mailError.safeParse(error);
        const detail = known.success ? known.data : { message: String(error) };
        // The server's words may repeat the recipient's address, which is nobody's business in a log.
        const words = detail.message.replace(/[^\s<>@]+@[^\s<>@]+/g, '<address>');
        throw new ConnectorError(
          {
            ...classifyMailError(detail),
            code: String(detail.responseCode ?? detail.code ?? 'SMTP'),
            message: `${system.name}: ${words}`,
          },
          { cause: error },
        );
      }
    },
    close: async () => pool.close(),
  };
}

/** Waits for a mail no longer than that; the mail itself cannot be called back. */
async function within<T>(timeoutMs: number, sending: Promise<T>, system: System): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(system, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([sending, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
