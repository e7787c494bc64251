import { z } from 'zod';
import { type CaseEvent, caseStatus } from '#contracts/v1/case.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { caseFile } from '#app/cases/case-file.ts';
import { intakeSeqOf, readReceived } from '#app/payloads/read.ts';
import { showDocument } from '#app/payloads/show.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppServices } from '#app/server/context.ts';
import { unknown } from '#platform/http/problem.ts';
import { eventsOf, oneCase } from './case-reading.ts';
import { operation } from './operation.ts';

const text = z.string();

/** The received payload of a case in one version, byte for byte as text. @throws Refused 404 where it has aged out */
export async function payloadOf(services: AppServices, { state }: CaseEvent, version: number): Promise<string> {
  const steps = await services.read(transactionSteps, { flow: state.flow, key: state.key });
  const payload = await readReceived(services.jsm, state.key, version, intakeSeqOf(steps));
  if (payload === undefined) throw unknown(`Version ${version} of the payload of case ${state.case_id} is not kept.`);
  return payload;
}

const showPayload = operation({
  method: 'GET',
  path: '/api/v1/cases/:id/payload',
  tag: 'Cases',
  summary: 'What arrived, or a correction of it',
  description:
    'With the scope personal_data.read as it is, which is recorded as a reveal; otherwise personal data is masked by numbered marks, which a correction may keep: the originals are put back by number.',
  scope: 'payloads.read',
  id: oneCase,
  query: {
    version: {
      description: '1 is what arrived; the one a replay would use where it is not given',
      schema: z.coerce.number().int().min(1).max(10_000),
    },
  },
  answer: {
    name: 'CasePayload',
    schema: z.object({
      case_id: text,
      revision: z.int(),
      version: z.int(),
      /** Values that are hidden in it. */
      hidden: z.int(),
      payload: text,
    }),
  },
  handle: async ({ services, actor, may, id, query, address }) => {
    const { last } = await eventsOf(services, id);
    const version = query.version ?? last.state.payload_version;
    const payload = await payloadOf(services, last, version);
    const revealed = may('personal_data.read');
    services.audit.record({
      action: revealed ? 'revealed' : 'viewed',
      actor: actor.id,
      object_kind: 'case',
      object_id: id,
      personal: { address },
    });
    const { text: shown, hidden } = revealed ? { text: payload, hidden: 0 } : showDocument(payload, false);
    return { case_id: id, revision: last.state.revision, version, hidden, payload: shown };
  },
});

const takeFile = operation({
  method: 'GET',
  path: '/api/v1/cases/:id/file',
  tag: 'Cases',
  summary: 'The case as one file, for a vendor’s support desk',
  description:
    'What stopped, what arrived, what was sent and answered. Personal data, credentials and the names of our own people are not in it, whatever the key may see. Taking it is recorded.',
  scope: 'payloads.read',
  id: oneCase,
  answer: {
    name: 'CaseFile',
    text: true,
    schema: z.looseObject({
      format: z.literal('syncline-case-file/1'),
      exported_at: instant,
      case: z.looseObject({ id: text, status: caseStatus }),
      problems: z.array(z.looseObject({ class: errorClass, code: text, document: text, path: text, message: text })),
      history: z.array(z.object({ at: instant, what: text })),
      received: z.array(z.object({ version: z.int(), document: z.unknown() })),
      understood_as: z.array(z.object({ version: z.int(), document: z.unknown() })),
      calls: z.array(z.looseObject({ step: text, system: text, request: text, outcome: text, at: text })),
      /** Documents that are older than their retention. */
      no_longer_kept: z.int(),
    }),
  },
  handle: async ({ services, actor, id, address }) => {
    const file = await caseFile(services, id);
    if (file === undefined) throw unknown(`There is no case ${id}.`);
    services.audit.record({
      action: 'exported',
      actor: actor.id,
      object_kind: 'case',
      object_id: id,
      personal: { address },
    });
    return file;
  },
});

export const caseDocuments = [showPayload, takeFile];
