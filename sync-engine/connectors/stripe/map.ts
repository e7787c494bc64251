import { createHash } from 'node:crypto';
import type { Answer, ConnectorError } from '../connector.ts';
import { toMinorUnits } from '../../money.ts';
import { impossible, refusalOf, type Refusal } from '../transport/answer.ts';
import { errorBody } from './contract.ts';

/** application/x-www-form-urlencoded with bracketed names, as Stripe takes it. */
export function formBody(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

/**
 * Metadata key under which a capture is recorded on its payment intent: Stripe allows 40 characters, our keys are
 * longer, and a hash of 128 bits is as unique.
 */
export function captureMark(captureKey: string): string {
  return `capture_${createHash('sha256').update(captureKey).digest('hex').slice(0, 32)}`;
}

/** Stripe's idempotency keys have at most 255 characters. */
export function idempotencyKey(key: string): string {
  return key.length <= 255 ? key : createHash('sha256').update(key).digest('hex');
}

export function refused(answer: Answer): ConnectorError | undefined {
  return refusalOf(answer, (body): Refusal | undefined => {
    const parsed = errorBody.safeParse(body);
    if (!parsed.success) return undefined;
    const { type, code, decline_code, message } = parsed.data.error;
    return {
      code: decline_code ?? code ?? type,
      message: message ?? `Stripe refused the request (${type}).`,
      // 409: the same idempotency key, or a lock on the object, is in use by a request that still runs.
      ...(answer.status === 409 ? { retryable: true, mayHaveHappened: true } : {}),
    };
  });
}

/** An amount as Stripe takes it. @throws ConnectorError where it is finer than the currency. */
export function minorUnits(amount: string, currency: string): string {
  try {
    return toMinorUnits(amount, currency);
  } catch {
    throw impossible(
      'AMOUNT_TOO_FINE',
      `${amount} ${currency} is finer than the currency's smallest unit.`,
      '/payments',
    );
  }
}
