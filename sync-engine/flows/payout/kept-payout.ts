import type { Payout, PayoutLine } from '#contracts/v1/payout.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { PayoutEnv, PayoutView } from './payout-data.ts';

/** A payout as it is kept: its lines in documents of their own, which stay small however many there are. */
interface KeptPayout extends Omit<Payout, 'lines'> {
  /** PAYLOADS sequences. */
  pages: readonly number[];
}

type KeptLine = Omit<PayoutLine, 'row'> & Partial<Pick<PayoutLine, 'row'>>;

/** So many lines in one document are far below what a message may weigh, whatever their texts. */
const LINES_A_PAGE = 400;
const AT_ONCE = 16;

/** @returns the payout's sequence on PAYLOADS, once it is durable. */
export async function keepPayout({ key }: PayoutView, env: PayoutEnv, { lines, ...payout }: Payout): Promise<number> {
  const starts = Array.from({ length: Math.ceil(lines.length / LINES_A_PAGE) }, (_, i) => i * LINES_A_PAGE);
  const pages: number[] = [];
  await inParallel(starts.entries(), AT_ONCE, async ([i, start]) => {
    pages[i] = await keepLines(key, env, i + 1, lines.slice(start, start + LINES_A_PAGE));
  });
  return keepHead(key, env, { ...payout, pages });
}

/** @returns the page's sequence on PAYLOADS, once it is durable. */
export const keepLines = (key: string, env: PayoutEnv, page: number, lines: readonly PayoutLine[]): Promise<number> =>
  env.documents.keep(key, `page.${page}`, lines);

export const keepHead = (key: string, env: PayoutEnv, payout: KeptPayout): Promise<number> =>
  env.documents.keep(key, 'payout', payout);

/** The payout of a transaction, or of the one that found its break. */
export async function payoutOf({ data }: PayoutView, env: PayoutEnv): Promise<Payout> {
  const kept = await env.documents.read<KeptPayout | Payout>(data.payout_seq);
  // Payouts of before were kept whole, and their breaks may be open still.
  if ('lines' in kept) return kept;
  const { pages, ...payout } = kept;
  return { ...payout, lines: await readLines(pages, env) };
}

export async function readLines(pages: readonly number[], env: PayoutEnv): Promise<PayoutLine[]> {
  const read: KeptLine[][] = [];
  await inParallel(pages.entries(), AT_ONCE, async ([i, seq]) => {
    read[i] = await env.documents.read<KeptLine[]>(seq);
  });
  // Pages of before have no rows yet: theirs are their places.
  return read.flat().map((line, i) => ({ ...line, row: line.row ?? i + 1 }));
}
