import type { PatchOperation } from '#contracts/v1/repair.ts';
import { readCaseFilter } from '#app/cases/filters.ts';
import { placeInReceived } from '#app/payloads/likeness.ts';
import { isX12 } from '#app/payloads/x12-text.ts';
import { intakeSeqOf, readCanonical, readReceived } from '#app/payloads/read.ts';
import { caseList } from '#app/queries/case-list.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { readCase } from './case-page.ts';

/** The cases of one cause that are open. */
export const openOf = ({ estate, rates }: Pick<AppContext, 'estate' | 'rates'>, cause: string) =>
  readCaseFilter(new URLSearchParams({ group: cause }), estate, rates.today(), '', { muted: [], held: [] });

/**
 * What a correction of a whole cause begins with: the field of the received payload that is wrong in its most urgent
 * case, for any line, and the code in it that nobody has mapped. The field is empty where none can be told.
 */
export async function wrongField(
  context: Pick<AppContext, 'estate' | 'rates' | 'read' | 'js' | 'jsm'>,
  cause: string,
): Promise<PatchOperation> {
  const urgent = caseList({ sort: 'urgency', descending: false });
  const [row] = await context.read(urgent, { ...openOf(context, cause), limit: 1, offset: 0 });
  const state = (await readCase(context, row?.case_id ?? '')).at(-1)?.state;
  const [problem] = state?.problems ?? [];
  if (state === undefined || problem === undefined) return { op: 'replace', path: '', value: '' };
  const { flow, key, payload_version: version } = state;
  const intakeSeq = intakeSeqOf(await context.read(transactionSteps, { flow, key }));
  const [received, canonical] = await Promise.all([
    readReceived(context.jsm, key, version, intakeSeq),
    readCanonical(context.jsm, key, version),
  ]);
  const [placed] = placeInReceived([problem], received ?? '', canonical ?? '');
  // A correction of many is a JSON Patch, which no EDI document takes.
  if (placed?.document !== 'received' || isX12(received ?? '')) return { op: 'replace', path: '', value: '' };
  return {
    op: 'replace',
    path: placed.path.replace(/\/\d+(?=\/|$)/g, '/*'),
    value: '',
    ...(problem.missing_mapping === undefined ? {} : { was: problem.missing_mapping.code }),
  };
}
