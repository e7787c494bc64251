import type { Classified } from '../transport/classify.ts';
import { classifyNetworkError } from '../transport/classify.ts';
import type { MailError } from './contract.ts';

/**
 * What a failed mail means. Up to the recipient's address nothing was handed over; from DATA on, the server may have
 * taken the message. Replies 4yz are temporary, 5yz are final (RFC 5321, 4.2.1).
 */
export function classifyMailError(error: MailError): Classified {
  const handedOver = /^DATA|^BDAT|^\.$/i.test(error.command ?? '');
  const reply = error.responseCode;
  if (error.code === 'EAUTH' || reply === 530 || reply === 535)
    return { errorClass: 'auth', retryable: false, mayHaveHappened: false };
  if (reply !== undefined && reply >= 500) return { errorClass: 'rejected', retryable: false, mayHaveHappened: false };
  if (reply !== undefined && reply >= 400) {
    const throttled = reply === 450 || reply === 452 || /rate|too many|thrott/i.test(error.message);
    return { errorClass: throttled ? 'throttled' : 'unavailable', retryable: true, mayHaveHappened: false };
  }
  if (error.code === 'ETIMEDOUT') return { errorClass: 'timeout', retryable: true, mayHaveHappened: handedOver };
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE')
    return { errorClass: 'rejected', retryable: false, mayHaveHappened: false };
  const network = classifyNetworkError(error.code ?? '');
  return { ...network, mayHaveHappened: handedOver };
}
