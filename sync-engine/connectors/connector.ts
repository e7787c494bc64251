import type { ErrorClass } from '#contracts/v1/step-event.ts';
import type { Services } from './services.ts';

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
  /** The answer is waited for no longer than this, in milliseconds, nor longer than the system's own timeout. */
  timeoutMs?: number;
}

/**
 * One business service of an outside system. Everything but `find` is pure, so that a dry run and the real call cannot
 * differ and the mapping is tested without a server. `callVerb` (call.ts) makes the calls in their order.
 */
export interface Verb<Input, Output> {
  readonly name: string;
  /**
   * A read that must come first, because the call needs ids only the vendor knows (a Shopify fulfilment names its
   * fulfilment order). It has no effect outside, so a dry run may make it.
   */
  before?(input: Input): PreparedCall;
  /**
   * The call with the effect. `looked` is the answer to `before`, where the verb has one.
   * @throws ConnectorError when the input or what was looked up rules the call out.
   */
  prepare(input: Input, looked?: Answer): PreparedCall;
  /**
   * What the answer to `call` says.
   * @throws ConnectorError when the system refused or its answer cannot be understood.
   */
  read(answer: Answer, input: Input, call: PreparedCall): Output;
  /**
   * A read that completes an output the answer gives only in part (NetSuite answers a new document's id, but not its
   * number). The effect stands whether or not this read succeeds.
   */
  after?: {
    prepare(output: Output, input: Input): PreparedCall;
    read(answer: Answer, output: Output, input: Input): Output;
  };
  /** The look-up before a repeat: what an earlier attempt with the same input achieved, or undefined. */
  find?(input: Input, send: Send): Promise<Output | undefined>;
}

/** Sends one call; rejects with ConnectorError (timeout, unavailable) when no answer came. Never retries. */
export type Send = (call: PreparedCall) => Promise<Answer>;

/** Resolves a secret named in the estate file (`env:NAME`). @throws when it is not set. */
export type Secrets = (name: string) => string;

/** What the engine holds of one system: the way to it and what it can do. */
export interface Connector {
  transport: Transport;
  services: Services;
}

/** The way to one system: adds base URL, authentication, trace headers and timeout. */
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
