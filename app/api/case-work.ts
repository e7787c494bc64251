import { z } from 'zod';
import { type CommandName, commandRequests } from '#contracts/v1/commands.ts';
import type { ApiScope } from '#contracts/v1/channel-api.ts';
import { readShown } from '#app/payloads/show.ts';
import { isX12 } from '#app/payloads/x12-text.ts';
import { payloadOf } from './case-documents.ts';
import { eventsOf, oneCase } from './case-reading.ts';
import { type ApiCall, type ApiOperation, operation } from './operation.ts';
import { command, done } from './reply.ts';

type OnCase = Extract<CommandName, `case.${string}`>;

/** A body is the command's request without what the key and the path say. */
const bodyOf = (name: OnCase) => {
  const { actor: _actor, case_id: _case, ...shape } = commandRequests[name].shape;
  return z.strictObject(shape);
};

const pascal = (name: string) => name.replace(/(^|[.-])(\w)/g, (_, _dot, letter: string) => letter.toUpperCase());

const work = (
  verb: string,
  scope: ApiScope,
  summary: string,
  description?: string,
  prepare?: (call: ApiCall<unknown, Record<string, unknown>>) => Promise<Record<string, unknown>>,
): ApiOperation => {
  const name = `case.${verb}` as OnCase;
  return operation({
    method: 'POST',
    path: `/api/v1/cases/:id/${verb}`,
    tag: 'Cases',
    summary,
    ...(description === undefined ? {} : { description }),
    scope,
    id: oneCase,
    body: { name: pascal(name), schema: bodyOf(name) },
    answer: done,
    handle: async (call) => {
      const body = prepare === undefined ? call.body : await prepare(call);
      const request = commandRequests[name].parse({ ...body, actor: call.actor, case_id: call.id });
      return command(call, name, request);
    },
  });
};

/** Marks of hidden values in an edited payload become the values again, of the version a replay would use. */
async function unmasked({ services, id, body, may }: ApiCall<unknown, Record<string, unknown>>) {
  const { payload } = body;
  if (typeof payload !== 'string') return body;
  // Whoever may not see everything was shown an EDI document laid out, whether or not something was hidden in it.
  const laidOut = isX12(payload) && !may('personal_data.read');
  if (!laidOut && !payload.includes('‹hidden ')) return body;
  const { last } = await eventsOf(services, id);
  const original = await payloadOf(services, last, last.state.payload_version);
  return { ...body, payload: readShown(payload, original) };
}

export const caseWork = [
  work('assign', 'cases.work', 'Hand a case to somebody', '`assignee` is an e-mail address; empty for nobody.'),
  work('comment', 'cases.work', 'Write on the timeline'),
  work('tag', 'cases.work', 'Add and remove tags'),
  work('hold', 'cases.work', 'Put on hold'),
  work('release', 'cases.work', 'Take off hold'),
  work('fix', 'cases.work', 'Keep a corrected payload', 'As the next version; nothing is sent yet.', unmasked),
  work(
    'dry-run',
    'cases.work',
    'What a replay would do and send, without effects',
    'Bodies are left out without the scope payloads.read, and masked without personal_data.read.',
    unmasked,
  ),
  work(
    'replay',
    'cases.replay',
    'Continue the transaction at the step that failed',
    'Refused with `because: stale_payload` where a newer version of the same thing is known; `override_stale` with a note goes on all the same. Above the estate’s amount the case awaits a second person.',
  ),
  work('approve', 'cases.approve', 'Let a replay of money go', 'Not for whoever asked for it.'),
  work('decline', 'cases.approve', 'Send a replay of money back'),
  work(
    'done-outside',
    'cases.replay',
    'The document exists already',
    'It is looked up before the flow skips the step.',
  ),
  work('discard', 'cases.discard', 'End the transaction here'),
  work('restore', 'cases.discard', 'Open a discarded case again'),
];
