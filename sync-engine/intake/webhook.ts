import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Receipt } from '#contracts/v1/channel-api.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import { domainOf, type Topic } from '../connectors/topics.ts';
import { bodyOf, commonHeaders, headerOf, type RouteContext } from './context.ts';
import { parseJson } from '#platform/http/json.ts';
import { webhookPath } from './operations.ts';
import { badSignature, invalid, unknown } from '#platform/http/problem.ts';
import { verifySignature } from './signature.ts';
import { verifyTimestamped } from './timestamped-signature.ts';
import type { WebhookDialect } from './webhook-dialect.ts';

const LONGEST_ID = 200;

/** Registers a route that takes a vendor's webhooks: verify, keep byte for byte, answer. */
export function webhookRoute(context: RouteContext, definition: ConnectorDefinition, dialect: WebhookDialect): void {
  const { app, accept, gate, estate, metrics } = context;
  const systems = estate.systems.filter(({ kind }) => kind === definition.kind);
  const senders = new Map(systems.flatMap((system) => senderOfSystem(system, dialect, context.secrets)));
  const topics = new Map(Object.entries(definition.topics ?? {}).filter(([, topic]) => !isDerived(topic)));
  const senderOf = (request: FastifyRequest) => senders.get(senderNamedBy(request, dialect).toLowerCase());

  app.route({
    method: 'POST',
    url: webhookPath(dialect),
    onRequest: (request) => gate.admitWebhook(request, senderOf(request)?.system),
    handler: async (request, reply: FastifyReply): Promise<Receipt> => {
      const body = bodyOf(request);
      const sender = senderOf(request);
      const signed = isSigned(request, body, sender?.secret, dialect, context.now());
      if (!signed || sender === undefined)
        return gate.refuseWebhook(request, sender?.system, badSignature(dialect.signatureHeader));
      await gate.spendWebhook(request, sender.system);
      const inBody = dialect.inBody?.(parseJson(body)) ?? {};
      const [topic, { means }] = topicOf(request, dialect, topics, inBody.topic);
      // What is not JSON is refused: where a vendor's payload always is, this one was damaged on its way.
      const payload = dialect.notJson?.includes(topic) === true ? undefined : parseJson(body);
      const named = dialect.deliveryIdHeader === undefined ? undefined : identifier(request, dialect.deliveryIdHeader);
      const deliveryId = named ?? inBody.deliveryId;
      const eventId = dialect.eventIdHeader === undefined ? undefined : identifier(request, dialect.eventIdHeader);
      const common = commonHeaders(request, context);
      const timing = timingOf(request, dialect, common['syncline-received-at'], estate.policies.stale_after_s);
      if (timing['syncline-stale'] !== undefined) metrics.stale.inc({ system: sender.system });
      const { seq, duplicate } = await accept({
        system: sender.system,
        domain: domainOf[means],
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

const isDerived = (topic: Topic): boolean => 'derived' in topic && topic.derived === true;

/** A system whose secret the estate does not name cannot send. */
function senderOfSystem(
  system: System,
  dialect: WebhookDialect,
  secrets: RouteContext['secrets'],
): [string, { system: string; secret: string }][] {
  const name = dialect.senderName(system);
  const secret = system.settings['webhook_secret'];
  return name === undefined || secret === undefined ? [] : [[name, { system: system.id, secret: secrets(secret) }]];
}

function senderNamedBy(request: FastifyRequest, { sender, senderHeader }: WebhookDialect): string {
  if (sender === 'path') return (request.params as { system?: string }).system ?? '';
  return senderHeader === undefined ? '' : (headerOf(request, senderHeader) ?? '');
}

function isSigned(
  request: FastifyRequest,
  body: Uint8Array,
  secret: string | undefined,
  dialect: WebhookDialect,
  now: Date,
): boolean {
  const signature = signatureOf(request, dialect);
  if (dialect.timestamped === undefined) return verifySignature(body, secret, signature, dialect.signatureEncoding);
  return verifyTimestamped(body, secret, signature, { now, ...dialect.timestamped });
}

/** The signature alone; one that does not stand behind what it must is none. */
function signatureOf(request: FastifyRequest, { signatureHeader, signaturePrefix = '' }: WebhookDialect): string {
  const given = headerOf(request, signatureHeader) ?? '';
  return given.startsWith(signaturePrefix) ? given.slice(signaturePrefix.length) : '';
}

function topicOf(
  request: FastifyRequest,
  { topicHeader }: WebhookDialect,
  topics: ReadonlyMap<string, Topic>,
  inBody: string | undefined,
): [string, Topic] {
  const claimed = topicHeader === undefined ? inBody : headerOf(request, topicHeader);
  const topic = topics.get(claimed ?? '');
  if (claimed !== undefined && topic !== undefined) return [claimed, topic];
  const said = claimed === undefined ? 'no topic' : `the topic "${claimed.slice(0, 100)}"`;
  const supported = [...topics.keys()].join(', ');
  throw unknown(`${topicHeader ?? 'The message'} names ${said}. Supported are ${supported}.`, [
    { path: topicHeader ?? '', message: `expected one of ${supported}` },
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
