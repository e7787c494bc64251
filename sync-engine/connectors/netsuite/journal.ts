import type { System } from '#contracts/v1/estate.ts';
import { exactNumber } from '#platform/exact-json.ts';
import type { ErpServices } from '../services.ts';
import { impossible } from '../transport/answer.ts';
import { reference } from './sales-order.ts';

type JournalInput = Parameters<ErpServices['post_journal']['prepare']>[0];

/** The SuiteTalk journal entry of a journal. @throws ConnectorError naming an account that the estate does not map. */
export function journalRecord({ journal, subsidiary }: JournalInput, settings: System['settings']) {
  const currency = settings[`currency.${journal.currency}`];
  return {
    subsidiary: reference(subsidiary),
    currency: currency === undefined ? { refName: journal.currency } : { id: currency },
    tranDate: journal.date,
    memo: journal.memo,
    line: {
      items: journal.lines.map(({ account, debit, credit, memo }, i) => ({
        account: reference(accountOf(account, i, settings)),
        ...(debit === undefined ? {} : { debit: exactNumber(debit) }),
        ...(credit === undefined ? {} : { credit: exactNumber(credit) }),
        memo,
      })),
    },
  };
}

function accountOf(account: string, line: number, settings: System['settings']): string {
  const id = settings[`account.${account}`];
  if (id !== undefined) return id;
  throw impossible(
    'NO_ACCOUNT',
    `The estate file names no NetSuite account for "${account}" (setting account.${account}).`,
    `/lines/${line}/account`,
  );
}

/** Canonical place of an error path such as "line.items[2].account". */
export function journalPlace(errorPath: string): string | undefined {
  const row = /^line\.items\[(\d+)\](?:\.(account|debit|credit|memo))?/.exec(errorPath);
  if (row !== null) return `/lines/${row[1]}${row[2] === undefined ? '' : `/${row[2]}`}`;
  return headerFields[/^\w+/.exec(errorPath)?.[0] ?? ''];
}

const headerFields: Readonly<Record<string, string>> = {
  subsidiary: '/legal_entity',
  currency: '/currency',
  tranDate: '/date',
  line: '/lines',
};
