import type { ServerBuild } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import { workOnCase, type CaseIntent, type CaseResult } from '#app/commands/case.ts';
import { presentCaseList } from '#app/presenters/case-list.ts';
import { presentCase } from '#app/presenters/case-page.ts';
import { presentSuggestions } from '#app/presenters/case-suggestions.ts';
import { createConsole, type Console } from '#app/server/console.ts';
import type { AppContext } from '#app/server/context.ts';
import { createMetrics } from '#platform/metrics.ts';
import { openUsers } from '#platform/users.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { mappedTax, orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

let landed: LandedEstate;
let server: Console;
let sam: Viewer;
let olga: Viewer;
beforeAll(async () => {
  landed = await startLandedEstate();
  const { estate, store } = landed;
  server = await createConsole({
    nats: estate.nc,
    clickhouse: store.clickhouse,
    estate: estate.estate,
    log: estate.log,
    metrics: createMetrics('console', { defaults: false }),
    bundle: { build: {} as ServerBuild, assets: 'public' },
  });
  const users = await openUsers(estate.nc);
  const person = async (name: string, role: 'support' | 'operations'): Promise<Viewer> => {
    const email = `${name}@example.com`;
    const { id } = await users.create({ email, name, roles: [role], password: 'a long enough password' });
    return { id, email, name, roles: [role] };
  };
  sam = await person('sam', 'support');
  olga = await person('olga', 'operations');
}, 120_000);
afterAll(async () => {
  await server.close();
  await landed.close();
}, 60_000);

const contextOf = (): AppContext => ({
  ...server.services,
  cspNonce: '',
  viewer: null,
  sessionEnded: false,
  clientAddress: '192.0.2.1',
});
const draftOf = (id: number, title: string) => {
  const plain = orderDraft(landed.estate.simulator, { id });
  return {
    ...plain,
    lines: plain.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title })) })),
  };
};
/** An order with a tax nobody has mapped. @returns the id of its case */
async function stopped(id: number, title = `Levy ${id}`): Promise<string> {
  const key = await landed.estate.placeOrder(draftOf(id, title));
  const events = await landed.estate.until(key, ({ status }) => status === 'quarantined');
  await landed.untilLanded();
  return events.at(-1)?.case_id ?? '';
}
const act = (
  viewer: Viewer,
  caseId: string,
  intent: CaseIntent,
  fields: Record<string, string>,
): Promise<CaseResult> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return workOnCase({ context: contextOf(), viewer, caseId, form }, intent);
};
async function opened(viewer: Viewer, caseId: string) {
  const view = await presentCase(contextOf(), viewer, caseId);
  if (!view.payload) throw new Error('the payload is not shown');
  const on = { revision: String(view.revision), base_version: String(view.payload.version) };
  return { on, text: view.payload.current, view };
}

describe('two people on one payload', () => {
  test('the second is told who changed what, can merge, and no change of either is lost', async () => {
    const id = await stopped(8_801);
    const [hers, his] = [await opened(olga, id), await opened(sam, id)];
    expect(await act(olga, id, 'fix', { ...hers.on, payload: hers.text.replace('"en"', '"fr"') })).toMatchObject({
      ok: true,
    });

    const payload = his.text.replaceAll('Levy 8801', mappedTax.title);
    const refused = await act(sam, id, 'fix', { ...his.on, payload });
    expect(refused).toMatchObject({ ok: false, first: 'olga@example.com corrected the payload (version 2)' });
    // The page may have learnt the new revision meanwhile: his text is of the version before all the same.
    const { revision } = (await opened(sam, id)).on;
    expect(await act(sam, id, 'fix', { ...his.on, revision, payload })).toMatchObject({
      ok: false,
      first: refused.first,
    });

    const { merge } = await act(sam, id, 'merge', { ...his.on, payload, choices: '{}' });
    expect(merge).toMatchObject({
      version: 2,
      who: 'olga@example.com',
      fields: ['customer_locale'],
      conflicts: [],
      decided: true,
    });
    expect(merge?.text).not.toContain('test.customer@example.com');
    const joined = { revision, base_version: '2', payload: merge?.text ?? '' };
    expect(await act(sam, id, 'fix', joined)).toMatchObject({ ok: true });
    const after = await act(sam, id, 'reveal', { base_version: '3', payload: (await opened(sam, id)).text });
    const document = JSON.parse(after.text ?? '') as Record<string, unknown>;
    expect(document).toMatchObject({ customer_locale: 'fr', email: 'test.customer@example.com' });
    expect(after.text).not.toContain('Levy');
  });

  test('where they changed the same field, each has to be chosen', async () => {
    const id = await stopped(8_802);
    const [hers, his] = [await opened(olga, id), await opened(sam, id)];
    const theirs = hers.text.replace('"en"', '"fr"').replaceAll('‹hidden 1›', 'new@example.com');
    await act(olga, id, 'fix', { ...hers.on, payload: theirs });
    const form = { ...his.on, payload: his.text.replace('"en"', '"de"') };
    const { merge } = await act(sam, id, 'merge', { ...form, choices: '{}' });
    expect(merge).toMatchObject({
      decided: false,
      conflicts: [{ path: '/customer_locale', where: 'customer_locale', base: '"en"', mine: '"de"', theirs: '"fr"' }],
    });
    const decided = await act(sam, id, 'merge', { ...form, choices: '{"/customer_locale":"mine"}' });
    expect(decided.merge).toMatchObject({ decided: true });
    expect(decided.merge?.text).toContain('"customer_locale": "de"');
    // What she wrote over personal data is not shown to him.
    expect(JSON.stringify(decided)).not.toContain('new@example.com');
    for (const choices of ['[', '{"/a":"both"}'])
      expect((await act(sam, id, 'merge', { ...form, choices })).merge).toMatchObject({ decided: false });
  });

  test('personal data that somebody else changed does not come to light by a merge', async () => {
    const id = await stopped(8_803);
    const [hers, his] = [await opened(olga, id), await opened(sam, id)];
    const emailToken = /"contact_email": ("‹hidden \d+›")/.exec(his.text)?.[1] ?? '';
    await act(olga, id, 'fix', { ...hers.on, payload: hers.text.replaceAll(/"‹hidden \d+›"/g, '"gone"') });
    const moved = his.text.replace('"note": null', `"note": ${emailToken}`);
    expect(moved).not.toBe(his.text);
    const result = await act(sam, id, 'merge', { ...his.on, payload: moved, choices: '{}' });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('Show personal data first') as string });
    expect(JSON.stringify(result)).not.toContain('test.customer@example.com');
  });
});

test('what cured a cause before is suggested to the next case of it, once it has cured one', async () => {
  const [first, second] = [await stopped(8_811, 'Levy X'), await stopped(8_812, 'Levy X')];
  expect(await presentSuggestions(contextOf(), second)).toEqual([]);
  const { text, on } = await opened(sam, first);
  const cured = await act(sam, first, 'fix-replay', {
    ...on,
    payload: text.replaceAll('Levy X', mappedTax.title),
  });
  expect(cured).toMatchObject({ ok: true });
  // The cure has to resolve its case and to land.
  await expect.poll(() => presentSuggestions(contextOf(), second), { timeout: 30_000, interval: 300 }).toHaveLength(1);
  const [suggestion] = await presentSuggestions(contextOf(), second);
  expect(suggestion?.cured).toBe(1);
  expect(suggestion?.repairs).toContainEqual({
    path: '/line_items/*/tax_lines/*/title',
    was: '"Levy X"',
    value: JSON.stringify(mappedTax.title),
  });
});

test('a replay of an older version is refused as stale, and the channel’s newest can be taken up and corrected', async () => {
  const title = 'Levy 8821';
  const id = await stopped(8_821, title);
  const { view, on, text } = await opened(sam, id);
  const shop =
    landed.estate.estate.systems.find(({ id: system }) => system === 'shopify-us')?.settings['shop_domain'] ?? '';
  const edited = draftOf(8_821, title);
  const [line] = edited.lines;
  if (line) line.quantity += 1;
  await landed.estate.postShopify(
    'orders/updated',
    JSON.stringify(buildShopifyOrder(edited, shop, { updatedAt: new Date() })),
  );
  await landed.estate.until(view.key, ({ step }) => step === 'channel_update_received');
  await landed.untilLanded();

  const payload = text.replaceAll(title, mappedTax.title);
  const stale = await act(sam, id, 'fix-replay', { ...on, payload });
  expect(stale).toMatchObject({ ok: false, because: 'stale_payload' });
  const taken = await act(sam, id, 'newest', {});
  expect(taken.newest?.text).toContain(`"quantity": ${line?.quantity}`);
  expect(taken.newest?.text).not.toContain('test.customer@example.com');

  const now = await opened(sam, id);
  const form = { ...now.on, original: String(taken.newest?.original) };
  const corrected = (taken.newest?.text ?? '').replaceAll(title, mappedTax.title);
  expect(await act(sam, id, 'dry-run', { ...form, payload: corrected, mappings: '[]' })).toMatchObject({
    dryRun: { ok: true },
  });
  expect(await act(sam, id, 'fix-replay', { ...form, payload: corrected })).toMatchObject({ ok: true });
  // An update of another order is nobody's original.
  expect(await act(sam, id, 'fix', { ...form, original: '1', payload: corrected })).toMatchObject({ ok: false });
});

test('tags and mentions are written on the case, filter the inbox, and are said in its history', async () => {
  const id = await stopped(8_841);
  const revision = async () => (await opened(sam, id)).on.revision;
  expect(await act(sam, id, 'tag', { revision: await revision(), add: 'Tax office' })).toMatchObject({ ok: true });
  expect(await act(sam, id, 'tag', { revision: await revision(), add: 'no; tag' })).toMatchObject({ ok: false });
  const note = 'What do you think, @olga@example.com? Not customer@shop.example nor @nobody@example.com.';
  expect(await act(sam, id, 'comment', { revision: await revision(), note })).toMatchObject({ ok: true });

  const listed = async (viewer: Viewer, search: string) =>
    (await presentCaseList(contextOf(), viewer, new URLSearchParams(search))).items.map((item) => item.id);
  await expect.poll(() => listed(olga, 'for=mentions'), { timeout: 30_000, interval: 300 }).toEqual([id]);
  expect(await listed(sam, 'for=mentions')).toEqual([]);
  expect(await listed(sam, 'tag=tax-office')).toEqual([id]);
  expect(await listed(sam, 'tag=other')).toEqual([]);
  expect(await listed(sam, 'for=approval')).toEqual([]);
  const { view } = await opened(olga, id);
  expect(view.tags).toEqual(['tax-office']);
  const said = view.story.find(({ did }) => did === 'wrote')?.note;
  expect(said).toBe('What do you think, @olga@example.com? Not ‹hidden› nor @‹hidden›.');
  expect(await act(sam, id, 'tag', { revision: await revision(), remove: 'tax-office' })).toMatchObject({ ok: true });
  expect((await opened(sam, id)).view.tags).toEqual([]);
});

test('replaying an older version all the same needs a reason', async () => {
  expect(await act(sam, 'any', 'replay-anyway', { revision: '1' })).toMatchObject({
    ok: false,
    intent: 'replay-anyway',
  });
  expect(await act(olga, 'any', 'decline', { revision: '1' })).toMatchObject({ ok: false, intent: 'decline' });
});

test('who looked at a case stands in its history, by name, and until when its payload is kept', async () => {
  const id = await stopped(8_831);
  await server.services.looks.record(olga, id, '192.0.2.1');
  const looks = async () =>
    (await presentCase(contextOf(), sam, id)).story.filter(({ did }) => did === 'looked at it').map(({ who }) => who);
  await expect.poll(looks, { timeout: 30_000, interval: 300 }).toEqual(['olga@example.com']);
  const { kept } = await presentCase(contextOf(), sam, id);
  expect(Date.parse(kept.arrived ?? '')).toBeGreaterThan(Date.now());
  expect(kept.corrected).toBeUndefined();
});
