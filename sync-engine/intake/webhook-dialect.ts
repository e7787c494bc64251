import type { System } from '#contracts/v1/estate.ts';

/** How one kind of system signs and names its webhooks. Header names in lower case, except in the description. */
export interface WebhookDialect {
  /** They are posted to `/intake/<path>`. */
  path: string;
  /** Its name in the OpenAPI document, as summary and description are. */
  operation: string;
  summary: string;
  description: string;
  /** Name, whether it must be there, what it says. */
  headers: readonly (readonly [string, boolean, string])[];
  signatureHeader: string;
  signatureEncoding: 'base64' | 'hex';
  /** What stands before the signature in its header. */
  signaturePrefix?: string;
  /**
   * The header is `t=<Unix seconds>,v1=<hex>` and signs `<t>.<body>`; one whose moment is farther away than so many seconds
   * is none.
   */
  timestamped?: { toleranceS: number };
  /** Where its sender is named: in a header, or as the last part of the path. */
  senderHeader?: string;
  sender?: 'path';
  /** What is said there of a system, in lower case; undefined where it sends nothing. The setting `webhook_secret` signs. */
  senderName(system: System): string | undefined;
  /** Header that names the topic; without one it is in the body. */
  topicHeader?: string;
  /** Topic and id of the delivery, where they stand in the body alone. Never throws. */
  inBody?(payload: unknown): { topic?: string; deliveryId?: string };
  /** Topics whose payload is no JSON; what it is, its connector reads. */
  notJson?: readonly string[];
  /** Header that names this delivery, the same on a repetition. */
  deliveryIdHeader?: string;
  /** Further header that identifies what happened. */
  eventIdHeader?: string;
  triggeredAtHeader?: string;
  /** Transaction key for the receipt, where the payload tells it at a glance. */
  keyOf?(system: string, payload: unknown): string | undefined;
}
