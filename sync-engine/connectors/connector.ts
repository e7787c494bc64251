import type { ErrorClass } from '#contracts/v1/step-event.ts';
import type { System } from '#contracts/v1/estate.ts';

/** What would be sent, without secrets: shown in a dry run and kept with the step. */
export interface PreparedCall {
  /** HTTP method, or "SMTP". */
  method: string;
  /** Path and query below the system's base URL. */
  path: string;
  /** Headers that are part of the contract (idempotency key, content type); authentication is added on sending. */
  headers: Record<string, string>;
  /** Exact text of the body, empty where there is none. */
  body: string;
}

/** The answer as it came: status (SMTP reply code for mail), headers in lower case, body as text. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface CallContext {
  /** W3C trace context of the step. */
  traceparent: string;
  signal: AbortSignal;
}

/**
 * One business service of an outside system. `prepare` and `read` are pure, so that a dry run and the real call cannot
 * differ and the mapping is tested without a server. `find` is the look-up before a repeat: it answers what an earlier
 * attempt with the same input achieved, or undefined.
 */
export interface Verb<Input, Output> {
  readonly name: string;
  prepare(input: Input): PreparedCall;
  /** @throws ConnectorError when the system refused or its answer cannot be understood. */
  read(answer: Answer, input: Input): Output;
  find?(input: Input, send: Send): Promise<Output | undefined>;
}

/** Sends one call; rejects with ConnectorError (timeout, unavailable) when no answer came. Never retries. */
export type Send = (call: PreparedCall) => Promise<Answer>;

/** Opens the way to one system: adds base URL, authentication, trace headers, timeout. */
export type OpenTransport = (system: System, secrets: (name: string) => string) => Transport;
export interface Transport {
  send(call: PreparedCall, context: CallContext): Promise<Answer>;
  close(): Promise<void>;
}

export interface ConnectorErrorDetail {
  errorClass: ErrorClass;
  /** The vendor's own code. */
  code: string;
  message: string;
  /** JSON Pointer into the canonical order, where the refusal can be traced to a field. */
  path?: string;
  /** May the same call succeed later without anybody changing anything? */
  retryable: boolean;
  /** From Retry-After, in milliseconds. */
  retryAfterMs?: number;
  /** False only where it is certain that the call had no effect. */
  mayHaveHappened: boolean;
}

/** Why a call to an outside system did not achieve what it was for. */
export class ConnectorError extends Error {
  readonly detail: ConnectorErrorDetail;
  constructor(detail: ConnectorErrorDetail, options?: ErrorOptions) {
    super(detail.message, options);
    this.name = 'ConnectorError';
    this.detail = detail;
  }
}
