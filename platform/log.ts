import { type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * Structured log of one service, on stdout. What may hold secrets or personal data is censored wherever it appears;
 * payload bodies are never passed to it.
 */
export function createLog(options: { service: string; level?: string; destination?: NodeJS.WritableStream }): Log {
  const settings = {
    name: options.service,
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        '*.authorization',
        '*.cookie',
        '*.password',
        '*.secret',
        '*.token',
        'headers.authorization',
        'headers.cookie',
      ],
      censor: '[redacted]',
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** A log that says nothing, for tests and libraries. */
export const silentLog: Log = pino({ level: 'silent' });
