import type { Incident, IncidentFigures } from '#contracts/v1/incident.ts';
import { ratesOfFilter } from '#app/queries/case-filter.ts';
import { incidentCounts } from '#app/queries/incidents.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import type { AppContext } from '#app/server/context.ts';

/** What links of an incident its figures count. */
export function countedLinks(links: Incident['links']) {
  const transactions = links.flatMap((link) => (link.kind === 'transaction' ? [link] : []));
  return {
    fingerprints: links.flatMap((link) => (link.kind === 'cause' ? [link.fingerprint] : [])),
    case_ids: links.flatMap((link) => (link.kind === 'case' ? [link.case_id] : [])),
    flows: transactions.map(({ flow }) => flow),
    keys: transactions.map(({ key }) => key),
  };
}

/** How much hangs on an incident that lasts until `to`, counted now, in the reporting currency. */
export async function readIncidentFigures(
  context: Pick<AppContext, 'read' | 'estate' | 'rates' | 'now'>,
  { links, since }: Pick<Incident, 'links' | 'since'>,
  to: Date,
): Promise<IncidentFigures> {
  const { estate, read } = context;
  const now = context.now().toISOString();
  const [counted] = await read(incidentCounts, {
    ...countedLinks(links),
    from: since,
    to: to.toISOString(),
    now,
    ...ratesOfFilter(context.rates.today()),
    ...stepTargetsOf(estate),
  });
  const money = (amount: string | undefined) => ({ amount: cents(amount ?? '0'), currency: estate.reporting_currency });
  return {
    counted_at: now,
    cases: counted?.cases ?? 0,
    open_cases: counted?.open_cases ?? 0,
    orders: counted?.orders ?? 0,
    value: money(counted?.value),
    at_risk: money(counted?.at_risk),
  };
}

/** ClickHouse multiplies to sixteen digits; a decimal of ours has six at most. */
const cents = (amount: string): string => amount.replace(/(\.\d{6})\d+$/, '$1');
