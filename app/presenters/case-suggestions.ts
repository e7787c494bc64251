import { isClosed } from '#contracts/v1/case-machine.ts';
import { suggestRepairs, type Suggestion } from '#app/cases/suggestions.ts';
import { intakeSeqOf, readReceived } from '#app/payloads/read.ts';
import { showDocument } from '#app/payloads/show.ts';
import { payloadCures } from '#app/queries/case-history.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { readCase } from './case-page.ts';

/** So many earlier cures are looked at: each means two payloads read. */
const curesRead = 20;

/** Changes that cured other cases of the same cause and fit this one's payload. */
export async function presentSuggestions(
  context: Pick<AppContext, 'js' | 'jsm' | 'read'>,
  caseId: string,
): Promise<Suggestion[]> {
  const state = (await readCase(context, caseId)).at(-1)?.state;
  if (state === undefined || isClosed(state)) return [];
  const { flow, key, fingerprint, payload_version } = state;
  const [steps, rows] = await Promise.all([
    context.read(transactionSteps, { flow, key }),
    context.read(payloadCures, { fingerprint, case_id: caseId, limit: curesRead }),
  ]);
  const payload = await readReceived(context.jsm, key, payload_version, intakeSeqOf(steps));
  if (payload === undefined || rows.length === 0) return [];
  const cures = await Promise.all(
    rows.map(async (row) => {
      const [arrived, cured] = await Promise.all([
        readReceived(context.jsm, row.key, 1, row.intake_seq),
        readReceived(context.jsm, row.key, row.version, row.intake_seq),
      ]);
      return arrived === undefined || cured === undefined ? [] : [{ arrived, cured }];
    }),
  );
  return suggestRepairs(cures.flat(), showDocument(payload, true).text);
}
