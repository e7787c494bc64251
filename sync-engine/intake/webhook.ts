import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Receipt } from '#contracts/v1/channel-api.ts';
import type { IntakeHeaders, IntakeTopic } from '#contracts/v1/intake.ts';
import { bodyOf, commonHeaders, headerOf, type RouteContext } from './context.ts';
import { parseJson } from '#platform/http/json.ts';
import { operations } from './operations.ts';
import { badSignature, invalid, unknown } from '#platform/http/problem.ts';
import { verifySignature } from './signature.ts';

/** How one kind of vendor signs and names its webhooks. Header names in lower case. */
export interface WebhookDialect {
  operation: 'receiveShopify' | 'receiveWms';
  signatureHeader: string;
  signatureEncoding: 'base64' | 'hex';
  senderHeader: string;
  topicHeader: string;
  topics: readonly IntakeTopic[];
  /** Header that names this delivery, the same on a repetition. */
  deliveryIdHeader: string;
  /** Further header that identifies what happened. */
  eventIdHeader?: string;
  triggeredAtHeader?: string;
  /** System id → signing secret, by what the sender header says. */
  senders: ReadonlyMap<string, { system: string; secret: string }>;
  /** Transaction key for the receipt, where the payload tells it at a glance. */
  keyOf?: (system: string, payload: unknown) => string | undefined;
}

const LONGEST_ID = 200;

/** Registers a route that takes a vendor's webhooks: verify, keep byte for byte, answer. */
export function webhookRoute(context: RouteContext, dialect: WebhookDialect): void {
  const { app, accept, gate, estate, metrics } = context;
  const { method, path } = operations[dialect.operation];
  const senderOf = (request: FastifyRequest) =>
    dialect.senders.get((headerOf(request, dialect.senderHeader) ?? '').toLowerCase());

  app.route({
    method,
    url: path,
    onRequest: (request) => gate.admitWebhook(request, senderOf(request)?.system),
    handler: async (request, reply: FastifyReply): Promise<Receipt> => {
      const body = bodyOf(request);
      const sender = senderOf(request);
      const signature = headerOf(request, dialect.signatureHeader) ?? '';
      if (!verifySignature(body, sender?.secret, signature, dialect.signatureEncoding) || sender === undefined)
        return gate.refuseWebhook(request, sender?.system, badSignature(dialect.signatureHeader));
      await gate.spendWebhook(request, sender.system);
      const topic = topicOf(request, dialect);
      // What is not JSON is refused: a vendor's payload always is, so this one was damaged on its way.
      const payload = parseJson(body);
      const deliveryId = identifier(request, dialect.deliveryIdHeader);
      const eventId = dialect.eventIdHeader === undefined ? undefined : identifier(request, dialect.eventIdHeader);
      const common = commonHeaders(request, context);
      const timing = timingOf(request, dialect, common['syncline-received-at'], estate.policies.stale_after_s);
      if (timing['syncline-stale'] !== undefined) metrics.stale.inc({ system: sender.system });
      const { seq, duplicate } = await accept({
        system: sender.system,
        topic,
        body,
        deliveryId: deliveryId ?? eventId,
        headers: {
          ...common,
          ...timing,
          ...(deliveryId === undefined ? {} : { 'syncline-webhook-id': deliveryId }),
          ...(eventId === undefined ? {} : { 'syncline-event-id': eventId }),
        },
      });
      void reply.status(200);
      const key = dialect.keyOf?.(sender.system, payload);
      return { accepted: true, duplicate, intake_seq: seq, ...(key === undefined ? {} : { key }) };
    },
  });
}

function topicOf(request: FastifyRequest, { topicHeader, topics }: WebhookDialect): IntakeTopic {
  const claimed = headerOf(request, topicHeader);
  const topic = topics.find((one) => one === claimed);
  if (topic !== undefined) return topic;
  const said = claimed === undefined ? 'no topic' : `the topic "${claimed.slice(0, 100)}"`;
  throw unknown(`${topicHeader} names ${said}. Supported are ${topics.join(', ')}.`, [
    { path: topicHeader, message: `expected one of ${topics.join(', ')}` },
  ]);
}

function identifier(request: FastifyRequest, name: string): string | undefined {
  const value = headerOf(request, name);
  if (value !== undefined && value.length > LONGEST_ID)
    throw invalid(`${name} is too long.`, [{ path: name, message: `expected at most ${LONGEST_ID} characters` }]);
  return value;
}

function timingOf(
  request: FastifyRequest,
  { triggeredAtHeader }: WebhookDialect,
  receivedAt: string,
  staleAfterS: number,
): Pick<IntakeHeaders, 'syncline-triggered-at' | 'syncline-stale'> {
  const claimed = triggeredAtHeader === undefined ? undefined : headerOf(request, triggeredAtHeader);
  const at = Date.parse(claimed ?? '');
  if (Number.isNaN(at)) return {};
  const stale = Date.parse(receivedAt) - at > staleAfterS * 1000;
  return { 'syncline-triggered-at': new Date(at).toISOString(), ...(stale ? { 'syncline-stale': 'true' } : {}) };
}
