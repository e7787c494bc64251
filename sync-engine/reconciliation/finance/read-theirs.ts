import type { Estate, System } from '#contracts/v1/estate.ts';
import type { FinancePlan } from '#contracts/v1/reconciliation.ts';
import { allBooksOf } from '../../books.ts';
import type { BalanceEntry, ListedPosting, VerbName } from '../../connectors/services.ts';
import { type PageReader, readPages, type ReadPages } from '../read-pages.ts';
import type { RunStep } from '../trail.ts';
import type { Line } from './compare.ts';

export interface TheirLines {
  lines: Line[];
  /** Systems read to the end, and when. */
  readAt: Map<string, string>;
  unread: string[];
  steps: RunStep[];
}

interface Options extends PageReader {
  estate: Estate;
  offers: (system: string, verb: VerbName) => boolean;
}

/** Posting keys of ours hold the key of a transaction; other documents of the books are not ours to judge. */
const isOurs = (postingKey: string): boolean => postingKey.includes('==');

/** What payment systems and ERPs list of a time, as lines. `to` lies behind the period: the other half may come late. */
export async function readTheirs(plan: FinancePlan, from: Date, to: Date, options: Options): Promise<TheirLines> {
  const { estate, offers } = options;
  const known = (ids: Iterable<string>, verb: VerbName): System[] =>
    [...new Set(ids)].flatMap((id) => estate.systems.find((one) => one.id === id && offers(id, verb)) ?? []);
  const wantsMoney = plan.compare.includes('captures') || plan.compare.includes('refunds');
  const payments = wantsMoney
    ? known(
        estate.channels.map(({ payment }) => payment),
        'list_balance',
      )
    : [];
  const erps = plan.compare.includes('postings')
    ? known(
        estate.legal_entities.flatMap((entity) => allBooksOf(entity).map(({ erp }) => erp)),
        'list_postings',
      )
    : [];
  const since = from.toISOString();
  const reads = await Promise.all([
    ...payments.map(async (system) => {
      const input = { from: since, to: to.toISOString() };
      const read = await readPages(options, system, 'list_balance', input, 'read_payments');
      return { system, read, lines: read.items.flatMap((entry) => paymentLine(entry, system.id, plan, estate)) };
    }),
    ...erps.map(async (system) => {
      const read = await readPages(options, system, 'list_postings', { from: since }, 'read_postings');
      return { system, read, lines: read.items.flatMap((one) => postingLine(one, system.id, estate)) };
    }),
  ]);
  const whole = reads.filter(({ read }) => read.failure === undefined);
  return {
    lines: whole.flatMap(({ lines }) => lines),
    readAt: new Map(whole.map(({ system, read }) => [system.id, read.endedAt.toISOString()])),
    unread: reads.flatMap(({ system, read }) => failureOf(system, read)),
    steps: reads.flatMap(({ read }) => read.steps),
  };
}

const failureOf = (system: System, { failure }: ReadPages<unknown>): string[] =>
  failure === undefined ? [] : [`${system.name} could not be read: ${failure.message}`];

function paymentLine(entry: BalanceEntry, system: string, plan: FinancePlan, estate: Estate): Line[] {
  const subject = entry.type === 'charge' ? 'capture' : entry.type;
  if (subject === 'other' || entry.reference === '') return [];
  if (!plan.compare.includes(subject === 'capture' ? 'captures' : 'refunds')) return [];
  // A payment system may serve several channels; where it serves one in this currency, we know whose money it is.
  const served = estate.channels.filter(({ payment, currency }) => payment === system && currency === entry.currency);
  const channel = served.length === 1 ? served[0] : undefined;
  return [
    {
      subject,
      system,
      reference: entry.reference,
      at: entry.at,
      amount: entry.amount,
      currency: entry.currency,
      channel: channel?.id ?? '',
      method: '',
      legal_entity: channel?.legal_entity ?? '',
      business_key: '',
      key: '',
      references: [entry.id, entry.reference],
      ...(entry.order === undefined ? {} : { aliases: [entry.order] }),
      ...(entry.exchanged === undefined ? {} : { exchanged: entry.exchanged }),
    },
  ];
}

function postingLine(posting: ListedPosting, system: string, estate: Estate): Line[] {
  if (!isOurs(posting.postingKey)) return [];
  const entity = estate.legal_entities.find((one) =>
    allBooksOf(one).some(({ erp, subsidiary }) => erp === system && subsidiary === posting.subsidiary),
  );
  return [
    {
      subject: posting.type,
      system,
      reference: posting.postingKey,
      at: posting.at,
      amount: posting.amount,
      currency: posting.currency,
      channel: '',
      method: '',
      legal_entity: entity?.id ?? '',
      business_key: '',
      key: '',
      references: [posting.documentNumber, posting.documentId],
    },
  ];
}
