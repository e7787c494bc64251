import { z } from 'zod';
import { repairOutcome, type RepairOutcome } from '#contracts/v1/repair.ts';
import type { ConsoleClient } from './console-client.ts';

/** One case of a run in a file from the console. */
export interface ReportRow {
  case_id: string;
  business_key: string;
  outcome: string;
  amount: string;
  currency: string;
  at: string;
}

/** What the console says became of a run. */
export interface RepairReports {
  /** The file that programs fetch, made from the stream. */
  api: ReportRow[];
  /** The file that people download from the run's page, made from ClickHouse. */
  person: ReportRow[];
  /** How many cases the API lists at each outcome. */
  totals: Map<RepairOutcome, number>;
}

const listed = z.object({ total: z.number() });
const fromApi = ['case_id', 'business_key', 'outcome', 'message', 'amount', 'currency', 'at'];
const fromPage = ['Case', 'What', 'Key', 'Amount', 'Currency', 'Outcome', 'Reason', 'At (UTC)'];

/** Downloads everything the console has to say of a run. What is landed must be all there. */
export async function downloadReports(client: ConsoleClient, id: string): Promise<RepairReports> {
  const totals = new Map<RepairOutcome, number>();
  for (const outcome of repairOutcome.options) {
    const { total } = await client.get(`/api/v1/repairs/${id}/items?outcome=${outcome}&per_page=1`, listed);
    totals.set(outcome, total);
  }
  const api = rowsOf(await client.getText(`/api/v1/repairs/${id}/items.csv`), fromApi);
  const person = rowsOf(await client.download(`/quarantine/repairs/${id}/report.csv`), fromPage);
  return {
    totals,
    api: api.map((row) => ({
      case_id: row('case_id'),
      business_key: row('business_key'),
      outcome: row('outcome'),
      amount: row('amount'),
      currency: row('currency'),
      at: row('at'),
    })),
    person: person.map((row) => ({
      case_id: row('Case'),
      business_key: row('What'),
      outcome: row('Outcome'),
      amount: row('Amount'),
      currency: row('Currency'),
      at: row('At (UTC)'),
    })),
  };
}

/** The rows of a CSV file (RFC 4180) as look-ups by column. @throws where its head is another */
function rowsOf(text: string, head: readonly string[]): ((column: string) => string)[] {
  const [first, ...rows] = parseCsv(text.replace(/^\uFEFF/, ''));
  if (first?.join() !== head.join()) throw new Error(`the file begins with ${first?.join()}`);
  return rows.map((cells) => (column) => cells[head.indexOf(column)] ?? '');
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && row.length === 0) break;
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
