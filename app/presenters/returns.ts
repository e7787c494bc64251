import type { Condition } from '#app/components/status-mark.tsx';
import { maskText } from '#app/payloads/mask.ts';
import { returnCounts, returnList, returnProblems, type ReturnRow } from '#app/queries/returns.ts';
import type { AppContext } from '#app/server/context.ts';
import { type EstateNames, estateNames, inWords } from '#app/words/names.ts';
import { stepLabel, stepWait } from '#app/words/steps.ts';

/** A return is looked for this far back: its goods may take weeks. */
const SINCE_MS = 90 * 86_400_000;
const MOST = 500;

/** A return as lists show it. Pure. */
export function presentReturn(row: ReturnRow, names: EstateNames) {
  return {
    key: row.key,
    number: row.number,
    orderKey: row.order_key,
    orderNumber: row.order_number,
    channel: names.channels[row.channel]?.name ?? row.channel,
    requestedAt: row.occurred_at,
    amount: row.money === '' ? '' : row.amount,
    currency: row.money,
    deadline: row.is_open ? row.deadline : '',
    stuck: row.is_stuck,
    caseId: row.is_open && row.status === 'quarantined' ? row.case_id : '',
    ...stateOf(row, names),
  };
}
export type ReturnLine = ReturnType<typeof presentReturn>;

function stateOf(row: ReturnRow, names: EstateNames): { condition: Condition; word: string; note: string } {
  const message = inWords(maskText(row.error_message), names);
  if (!row.is_open)
    return row.step === 'close'
      ? { condition: 'good', word: 'refunded', note: '' }
      : { condition: 'none', word: row.status === 'skipped' ? 'given up' : 'nothing to do', note: message };
  if (row.status === 'quarantined') return { condition: 'bad', word: 'in quarantine', note: message };
  if (row.status === 'retrying' || row.status === 'failed')
    return { condition: 'warn', word: 'tried again', note: message };
  if (row.step === 'authorise')
    return { condition: row.is_stuck ? 'bad' : 'info', word: `waits for ${stepWait('received', '')}`, note: '' };
  return { condition: row.is_stuck ? 'bad' : 'info', word: stepLabel(row.step), note: '' };
}

/** Returns at a glance, those in trouble first. */
export async function presentReturns(context: AppContext, search: URLSearchParams) {
  const now = context.now();
  const since = new Date(now.getTime() - SINCE_MS).toISOString();
  const problem: (typeof returnProblems)[number] | '' =
    returnProblems.find((one) => one === search.get('problem')) ?? '';
  const [rows, [counts]] = await Promise.all([
    context.read(returnList, { since, now: now.toISOString(), problem, limit: MOST }),
    context.read(returnCounts, { since, now: now.toISOString() }),
  ]);
  const names = estateNames(context.estate);
  return {
    problem,
    counts: counts ?? { all: 0, open: 0, stuck: 0, stopped: 0 },
    returns: rows.map((row) => presentReturn(row, names)),
  };
}
