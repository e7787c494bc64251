import type { LoaderFunctionArgs, ServerBuild } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import { knownCodes } from '#app/cases/known-codes.ts';
import { completeAt } from '#app/editor/complete-at.ts';
import { fieldProblems } from '#app/editor/problems.ts';
import { schemaCheck } from '#app/editor/schema-problems.ts';
import { placeInReceived } from '#app/payloads/likeness.ts';
import { presentCase, type CaseView } from '#app/presenters/case-page.ts';
import { loader as targetsLoader } from '#app/routes/quarantine.mapping-targets.ts';
import { loader as schemaLoader } from '#app/routes/quarantine.payload-schema.ts';
import { createConsole, type Console } from '#app/server/console.ts';
import type { AppContext } from '#app/server/context.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { payloadSchema, type PayloadSchema } from '#contracts/v1/payload-schema.ts';
import { createMetrics } from '#platform/metrics.ts';
import { mappedTax, orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { postShipment } from '../support/warehouse.ts';

let landed: LandedEstate;
let server: Console;
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
}, 120_000);
afterAll(async () => {
  await server.close();
  await landed.close();
}, 60_000);

const support: Viewer = { id: 'u1', email: 'sam@example.com', name: 'Sam', roles: ['support'] };
const contextOf = (viewer: Viewer | null): AppContext => ({
  ...server.services,
  cspNonce: '',
  viewer,
  sessionEnded: false,
  clientAddress: '192.0.2.1',
});
const argsOf = (path: string, viewer: Viewer | null = support) =>
  ({
    request: new Request(`http://console${path}`),
    params: {},
    context: contextOf(viewer),
  }) as unknown as LoaderFunctionArgs;
const statusOf = (loading: Promise<unknown>): Promise<number> =>
  loading.then(
    (answer) => (answer instanceof Response ? answer.status : 200),
    (refused: unknown) => (refused instanceof Response ? refused.status : 0),
  );

async function caseOf(key: string): Promise<CaseView> {
  const events = await landed.estate.until(key, ({ status }) => status === 'quarantined');
  await landed.untilLanded();
  return presentCase(contextOf(support), support, events.at(-1)?.case_id ?? '');
}

async function schemaOf(view: CaseView): Promise<PayloadSchema> {
  const response = await schemaLoader(argsOf(`/quarantine/payload-schema?of=${view.schema}`));
  return payloadSchema.parse(await response.json());
}

const textOf = ({ payload }: CaseView): string => {
  if (!payload) throw new Error('the payload is not shown');
  return payload.current;
};

describe('the payload of a case', () => {
  test('from a shop is known to the editor as the engine reads it, and so are the codes that would do', async () => {
    const draft = orderDraft(landed.estate.simulator, { id: 9_901 });
    const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: 'Levy' })) }));
    const view = await caseOf(await landed.estate.placeOrder({ ...draft, lines }));
    expect(view.schema).toBe('shopify.orders-create');
    const contract = await schemaOf(view);
    const text = textOf(view);
    expect(schemaCheck(contract)(text)).toEqual([]);
    const broken = text.replace(/"currency": "\w+",/, '').replace(/"quantity": \d+/, '"quantity": "some"');
    expect(schemaCheck(contract)(broken).map(({ path }) => path)).toEqual(['/currency', '/line_items/0/quantity']);

    const problems = placeInReceived(view.problems, text, view.payload?.canonical ?? '');
    const codes = knownCodes(view.problems, view.missing, text, view.payload?.canonical ?? '');
    const [code] = fieldProblems(text, problems, 'received');
    const found = completeAt(text, code?.from ?? 0, { contract, codes }, true);
    expect(found?.options).toContainEqual(
      expect.objectContaining({ label: mappedTax.title, insert: JSON.stringify(mappedTax.title) }),
    );
    expect(text.slice(found?.from, found?.to)).toBe('"Levy"');
  });

  test('from a warehouse is known to the editor as well', async () => {
    const message = { reference: 'nobody==x', shipment_id: 'S-1', shipped_at: new Date().toISOString(), lines: [] };
    const response = await postShipment(landed.estate, JSON.stringify(message));
    const { intake_seq } = (await response.json()) as { intake_seq: number };
    const view = await caseOf(transactionKey('wms-east', `intake-${intake_seq}`));
    expect(view.schema).toBe('rest-wms.shipment-confirmed');
    const check = schemaCheck(await schemaOf(view));
    expect(check(textOf(view))).toEqual([
      expect.objectContaining({ path: '/lines', message: 'This may not be empty.', document: 'received' }),
    ]);
    expect(check(textOf(view)).map(({ path }) => path)).toEqual(view.problems.map(({ path }) => path));
  });

  test('is not described to who may not see payloads, nor where the engine has said nothing of it', async () => {
    const of = (name: string) => `/quarantine/payload-schema?of=${encodeURIComponent(name)}`;
    const viewer: Viewer = { ...support, roles: ['viewer'] };
    expect(await statusOf(schemaLoader(argsOf(of('shopify.orders-create'))))).toBe(200);
    expect(await statusOf(schemaLoader(argsOf(of('shopify.orders-create'), viewer)))).toBe(403);
    expect(await statusOf(schemaLoader(argsOf(of('shopify.orders-create'), null)))).toBe(302);
    for (const unknown of ['edi.850', 'shopify', '*.>', '', 'x'.repeat(500)])
      expect(await statusOf(schemaLoader(argsOf(of(unknown)))), unknown).toBe(404);
  });
});

describe('what the codes of a kind lead to', () => {
  const of = (kind: string, system: string) =>
    `/quarantine/mapping-targets?${new URLSearchParams({ kind, system }).toString()}`;

  test('is offered for whatever kind and system somebody chooses', async () => {
    const { targets, ...asked } = await targetsLoader(argsOf(of('tax_code', 'netsuite')));
    expect(asked).toEqual({ kind: 'tax_code', system: 'netsuite' });
    expect(targets.length).toBeGreaterThan(1);
    expect(targets).toEqual([...new Set(targets)].sort());
    expect((await targetsLoader(argsOf(of('location', 'netsuite')))).targets).toEqual([]);
  });

  test('is told to nobody who is not signed in, and only of what can be mapped', async () => {
    expect(await statusOf(targetsLoader(argsOf(of('tax_code', 'netsuite'), null)))).toBe(302);
    for (const [kind, system] of [
      ['colour', 'netsuite'],
      ['tax_code', '>'],
      ['tax_code', ''],
    ] as const)
      expect(await statusOf(targetsLoader(argsOf(of(kind, system))))).toBe(400);
  });
});
