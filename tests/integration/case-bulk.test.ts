import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import type { BulkIntent, SelectedCase } from '#app/cases/bulk.ts';
import { workOnCases } from '#app/commands/case-bulk.ts';
import { openPeople, type People } from '#app/people/people.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { openUsers } from '#platform/users.ts';
import { caseState } from '../support/cases.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

let estate: TestEngine;
let stopped: string[];
let people: People;
beforeAll(async () => {
  estate = await startEngine();
  const users = await openUsers(estate.nc);
  for (const name of ['ana', 'bo'])
    await users.create({ email: `${name}@example.com`, name, roles: ['support'], password: 'a long enough password' });
  people = openPeople(users);
  stopped = await Promise.all([9_801, 9_802, 9_803].map(stop));
}, 60_000);
afterAll(() => estate.close());

/** Places an order whose tax nobody has mapped. @returns the id of its case */
async function stop(id: number): Promise<string> {
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({
    ...line,
    taxes: [{ title: 'Unknown levy', ratePpm: 10_000, cents: 20 }],
  }));
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  return events.at(-1)?.case_id ?? '';
}

const stateOf = (id: string) => caseState(estate, id);
const selected = (): Promise<SelectedCase[]> =>
  Promise.all(stopped.map(async (id) => ({ id, revision: (await stateOf(id)).revision })));

const support: Viewer = { id: 'u1', email: 'sam@example.com', name: 'Sam', roles: ['support'] };
function work(intent: BulkIntent, cases: unknown, more: Record<string, string> = {}, viewer = support) {
  const data = new FormData();
  data.set('cases', typeof cases === 'string' ? cases : JSON.stringify(cases));
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  const context = {
    estate: estate.estate,
    people,
    command: <N extends Parameters<typeof requestCommand>[1]>(
      name: N,
      request: Parameters<typeof requestCommand<N>>[2],
    ) => requestCommand(estate.nc, name, request),
  };
  return workOnCases({ context, viewer, data }, intent);
}

describe('several cases at once', () => {
  test('are each changed on the revision that was selected', async () => {
    const result = await work('assign', await selected(), { assignee: 'sam@example.com' });
    expect(result).toEqual({ intent: 'assign', done: 3, refused: [] });
    for (const id of stopped) expect(await stateOf(id)).toMatchObject({ status: 'assigned', assignee: support.email });
  });

  test('but what somebody changed meanwhile is left as it is, and named', async () => {
    const cases = await selected();
    await work('comment', cases.slice(0, 1), { note: 'Asked the tax office.' });
    const result = await work('hold', cases, { note: 'until the tax office answers' });
    expect(result).toMatchObject({ done: 2, refused: [{ id: stopped[0] }] });
    expect(result.refused[0]?.message).toContain('Somebody changed this case before you');
    const statuses = await Promise.all(stopped.map(async (id) => (await stateOf(id)).status));
    expect(statuses).toEqual(['assigned', 'on_hold', 'on_hold']);
  });

  test('are commented on at once, and speak to the colleagues that the comment mentions, as on a single case', async () => {
    const result = await work('comment', await selected(), {
      note: `@ana@example.com, please look; eve@example.com and @eve@example.com are nobody here. ${'x'.repeat(1_500)}`,
    });
    expect(result).toMatchObject({ done: 3, refused: [] });
    for (const id of stopped) expect((await stateOf(id)).mentioned).toEqual(['ana@example.com']);
    await work('comment', (await selected()).slice(0, 1), { note: 'and you, @Bo@example.com' });
    expect((await stateOf(stopped[0] ?? '')).mentioned).toEqual(['bo@example.com', 'ana@example.com']);
  });

  test('take no comment that is longer than one on a single case, nor a longer reason', async () => {
    const long = async (intent: BulkIntent, length: number) =>
      (await work(intent, await selected(), { note: 'x'.repeat(length) })).problem;
    expect(await long('comment', 4_001)).toBe('Write at most 4000 characters.');
    expect(await long('discard', 1_001)).toBe('Write at most 1000 characters.');
  });

  test('need a reason to be discarded, and a selection that makes sense', async () => {
    expect((await work('discard', await selected())).problem).toBe('Give a reason: it stays with each case.');
    for (const nonsense of ['', '[', [], [{ id: '*', revision: 1 }], [{ id: 'a', revision: 0 }]])
      expect((await work('release', nonsense)).problem).toContain('Select between 1 and 1000 cases');
  });

  test('are refused by the engine where the role may not, whoever relays it', async () => {
    const result = await work('discard', await selected(), { note: 'no' }, { ...support, roles: ['viewer'] });
    expect(result.done).toBe(0);
    expect(result.refused.map(({ message }) => message).join()).toContain('may not');
  });
});
