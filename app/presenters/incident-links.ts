import { type IncidentLink, linkKey } from '#contracts/v1/incident.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { linkPath, linkWords } from '#app/incidents/links.ts';
import { ratesOfFilter } from '#app/queries/case-filter.ts';
import { linkedCases, linkedCauses, linkedTransactions } from '#app/queries/incidents.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { runbooks } from '#app/runbooks/runbooks.ts';
import type { AppContext } from '#app/server/context.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { flowWords } from '#app/words/flows.ts';
import { estateNames } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import { standingOf } from '#app/words/transactions.ts';
import { titleOf } from './case-list.ts';
import { readCauseTitles } from './cause-titles.ts';
import { connectorLine } from './connectors.ts';
import { countedLinks } from './incident-figures.ts';

/** What is linked, as it stands now. */
export interface LinkView {
  id: string;
  link: IncidentLink;
  /** "Cause" */
  kind: string;
  name: string;
  path: string;
  /** Undefined where there is nothing that stands well or badly, or nothing is known of it. */
  state: { condition: Condition; word: string } | undefined;
  /** "12 open cases", "backlog 340" */
  note: string;
  /** What waits in it; empty amount where no money does. */
  value: { amount: string; currency: string };
}

type Context = Pick<AppContext, 'read' | 'estate' | 'rates' | 'now' | 'connectors' | 'switches'>;

const counted = (count: number, one: string) => `${count.toLocaleString('en-GB')} ${one}${count === 1 ? '' : 's'}`;
const noMoney = { amount: '', currency: '' };

/** Links with their live figures, in the order they were made. */
export async function presentLinks(context: Context, links: readonly IncidentLink[]): Promise<LinkView[]> {
  const known = await readLinked(context, links);
  return links.map((link) => {
    const shown = showLink(context, link, known) ?? { name: linkKey(link), note: 'nothing is known of it any more' };
    const base = { id: linkKey(link), link, kind: linkWords[link.kind], path: linkPath(link) };
    return { ...base, state: undefined, value: noMoney, ...shown };
  });
}

/** Whether there is such a thing. */
export async function exists(context: Context, link: IncidentLink): Promise<boolean> {
  return showLink(context, link, await readLinked(context, [link])) !== undefined;
}

type Linked = Awaited<ReturnType<typeof readLinked>>;

async function readLinked(context: Context, links: readonly IncidentLink[]) {
  const { read, estate } = context;
  const { fingerprints, case_ids, flows, keys } = countedLinks([...links]);
  const rates = ratesOfFilter(context.rates.today());
  const now = new Date(Math.floor(context.now().getTime() / 1_000) * 1_000).toISOString();
  const [titles, causes, cases, transactions] = await Promise.all([
    readCauseTitles(context, fingerprints, estateNames(estate)),
    fingerprints.length === 0 ? [] : read(linkedCauses, { fingerprints, ...rates }),
    case_ids.length === 0 ? [] : read(linkedCases, { case_ids }),
    keys.length === 0 ? [] : read(linkedTransactions, { flows, keys, now, ...stepTargetsOf(estate) }),
  ]);
  return {
    titles,
    causes: new Map(causes.map((row) => [row.fingerprint, row])),
    cases: new Map(cases.map((row) => [row.case_id, row])),
    transactions: new Map(transactions.map((row) => [`${row.flow}/${row.key}`, row])),
  };
}

type Shown = Pick<LinkView, 'name' | 'note'> & Partial<Pick<LinkView, 'state' | 'value'>>;

/** @returns undefined where nothing is known of it */
function showLink(context: Context, link: IncidentLink, known: Linked): Shown | undefined {
  const { estate } = context;
  const names = estateNames(estate);
  switch (link.kind) {
    case 'cause': {
      const [title, row] = [known.titles.get(link.fingerprint), known.causes.get(link.fingerprint)];
      if (title === undefined) return undefined;
      const open = row?.open ?? 0;
      return {
        name: title.title,
        state: open > 0 ? { condition: 'bad', word: 'stops orders' } : { condition: 'good', word: 'no open case' },
        note: `${counted(open, 'open case')} of ${counted(row?.ever ?? 0, 'case')} ever`,
        ...(row !== undefined && open > 0 && { value: { amount: row.value, currency: estate.reporting_currency } }),
      };
    }
    case 'case': {
      const row = known.cases.get(link.case_id);
      if (row === undefined) return undefined;
      return {
        name: `${row.business_key}: ${titleOf(row, names)}`,
        state: caseStatusWords(row.status),
        note: stepLabel(row.step),
        ...(row.is_open && { value: { amount: row.worth, currency: row.currency } }),
      };
    }
    case 'connector': {
      const line = connectorLine(context, link.connector_id);
      if (line === undefined) return undefined;
      const { name, condition, word, backlog } = line;
      return { name, state: { condition, word }, note: `backlog ${counted(backlog, 'message')}` };
    }
    case 'transaction': {
      const row = known.transactions.get(`${link.flow}/${link.key}`);
      if (row === undefined) return undefined;
      return {
        name: `${flowWords(row.flow).one} ${row.business_key}`,
        state: standingOf(row),
        note: `last step: ${stepLabel(row.step)}`,
        ...(row.money !== '' && { value: { amount: row.worth, currency: row.money } }),
      };
    }
    case 'runbook':
      return { name: runbooks[link.error_class].title, note: 'what to do about this class of failure' };
  }
}
