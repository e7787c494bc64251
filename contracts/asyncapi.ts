import { publishedV1, toJsonSchema } from './published.ts';
import { eventNames, eventSchemaName } from './v1/business-event.ts';
import { commandRequests } from './v1/commands.ts';
import { streams } from './v1/subjects.ts';

interface Channel {
  address: string;
  parameters: Record<string, string>;
  message: string;
  description: string;
}

const channels: Record<string, Channel> = {
  steps: {
    address: 'steps.{partition}.{flow}.{key}',
    parameters: {
      partition: 'FNV-1a of the key, modulo 8',
      flow: 'The flow the transaction belongs to',
      key: 'Transaction key: system and external id, encoded',
    },
    message: 'step-event',
    description: `Stream ${streams.steps}. Nats-Msg-Id is event_id; the expected last subject sequence is the fence.`,
  },
  cases: {
    address: 'cases.{caseId}',
    parameters: { caseId: 'Id of the case' },
    message: 'case-event',
    description: `Stream ${streams.cases}. The last event of a subject carries the state of the case.`,
  },
  incidents: {
    address: 'incidents.{incidentId}',
    parameters: { incidentId: 'Id of the incident, such as INC-12' },
    message: 'incident-event',
    description: `Stream ${streams.incidents}. The timeline of an incident; the last event of a subject carries it as it stands.`,
  },
  audit: {
    address: 'audit.{action}',
    parameters: { action: "What was done: signed_in, revealed, …, or a command's name" },
    message: 'audit-event',
    description: `Stream ${streams.audit}. One act of a person; Nats-Msg-Id is event_id.`,
  },
  events: {
    address: 'events.{name}',
    parameters: { name: 'Type of the event without its prefix, such as order.shipped.v1' },
    message: 'cloud-event',
    description: `Stream ${streams.events}. CloudEvents 1.0 in structured JSON; Nats-Msg-Id is the event's id. dataschema names the schema of data.`,
  },
  nudge: {
    address: 'live.nudge',
    parameters: {},
    message: 'nudge',
    description: 'What ingest landed, at most twice a second. Never data, only what changed.',
  },
};

const messageOf = (name: string) => ({
  name,
  title: publishedV1[name]?.title ?? name,
  contentType: 'application/json',
  payload: { $ref: `#/components/schemas/${name}` },
});

/** AsyncAPI 3.0 description of what is published and asked for on NATS. */
export function asyncApi(): Record<string, unknown> {
  const described: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  for (const [name, channel] of Object.entries(channels)) {
    described[name] = {
      address: channel.address,
      description: channel.description,
      parameters: Object.fromEntries(
        Object.entries(channel.parameters).map(([key, text]) => [key, { description: text }]),
      ),
      messages: { [channel.message]: { $ref: `#/components/messages/${channel.message}` } },
    };
    operations[name] = { action: 'send', channel: { $ref: `#/channels/${name}` } };
  }
  described['intake'] = {
    address: 'intake.{domain}.{system}.{topic}',
    description: `Stream ${streams.intake}. The body is the payload byte for byte as it arrived; the headers are Syncline's. What was fetched because the system did not tell of it, and backfill, has "aside." before its topic.`,
    parameters: {
      domain: { enum: ['order', 'fulfilment', 'stock', 'master'] },
      system: { description: 'System of the estate' },
      topic: { description: 'Topic of the system, dots and slashes as hyphens' },
    },
    messages: { payload: { $ref: '#/components/messages/intake-payload' } },
  };
  operations['intake'] = { action: 'send', channel: { $ref: '#/channels/intake' } };
  const messages: Record<string, unknown> = {
    'intake-payload': { headers: { $ref: '#/components/schemas/intake-headers' }, payload: {} },
    'command-reply': messageOf('command-reply'),
    ...Object.fromEntries(Object.values(channels).map(({ message }) => [message, messageOf(message)])),
  };
  for (const command of Object.keys(commandRequests)) {
    const name = `command-${command.replaceAll('.', '-')}`;
    messages[name] = messageOf(name);
    described[name] = {
      address: `cmd.${command}`,
      messages: {
        request: { $ref: `#/components/messages/${name}` },
        reply: { $ref: '#/components/messages/command-reply' },
      },
    };
    operations[name] = {
      action: 'receive',
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/request` }],
      reply: { channel: { $ref: `#/channels/${name}` }, messages: [{ $ref: `#/channels/${name}/messages/reply` }] },
    };
  }
  const events = eventNames.map(eventSchemaName);
  const used = [
    'step-event',
    'case-event',
    'incident-event',
    'nudge',
    'intake-headers',
    'command-reply',
    'cloud-event',
    ...events,
  ];
  const commandNames = Object.keys(publishedV1).filter(
    (name) => name.startsWith('command-') && name !== 'command-reply',
  );
  return {
    asyncapi: '3.0.0',
    info: { title: 'Syncline on NATS', version: '1.0.0', description: 'Streams, subjects and commands of Syncline.' },
    defaultContentType: 'application/json',
    channels: described,
    operations,
    components: {
      messages,
      schemas: Object.fromEntries([...used, ...commandNames].map((name) => [name, embedded(name)])),
    },
  };
}

function embedded(name: string): Record<string, unknown> {
  const entry = publishedV1[name];
  if (entry === undefined) throw new Error(`no published schema is named ${name}`);
  const { $schema: _draft, $id: _id, ...schema } = toJsonSchema(name, entry);
  return schema;
}
