import type { CaseEvent } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { suggestRepairs, type Suggestion } from '#app/cases/suggestions.ts';
import { intakeSeqOf, readReceived, readSuggested } from '#app/payloads/read.ts';
import { showDocument } from '#app/payloads/show.ts';
import { payloadCures } from '#app/queries/case-history.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { readCase } from './case-page.ts';

/** So many earlier cures are looked at: each means two payloads read. */
const curesRead = 20;

/** What a rule would change that may not do so by itself, and changes that cured other cases of the same cause and fit. */
export async function presentSuggestions(
  context: Pick<AppContext, 'js' | 'jsm' | 'read'>,
  caseId: string,
): Promise<Suggestion[]> {
  const events = await readCase(context, caseId);
  const state = events.at(-1)?.state;
  if (state === undefined || isClosed(state)) return [];
  const { flow, key, fingerprint, payload_version } = state;
  const [steps, rows] = await Promise.all([
    context.read(transactionSteps, { flow, key }),
    context.read(payloadCures, { fingerprint, case_id: caseId, limit: curesRead }),
  ]);
  const intakeSeq = intakeSeqOf(steps);
  const payload = await readReceived(context.jsm, key, payload_version, intakeSeq);
  if (payload === undefined) return [];
  const { text } = showDocument(payload, true);
  const cures = await Promise.all(
    rows.map(async (row) => {
      const [arrived, cured] = await Promise.all([
        readReceived(context.jsm, row.key, 1, row.intake_seq),
        readReceived(context.jsm, row.key, row.version, row.intake_seq),
      ]);
      return arrived === undefined || cured === undefined ? [] : [{ arrived, cured }];
    }),
  );
  return [...(await ofRule(context, events, text, intakeSeq)), ...suggestRepairs(cures.flat(), text)];
}

/** What the rule that is named on the case would change, unless the text has it already. */
async function ofRule(
  { jsm }: Pick<AppContext, 'jsm'>,
  events: readonly CaseEvent[],
  text: string,
  intakeSeq: number,
): Promise<Suggestion[]> {
  const state = events.at(-1)?.state;
  const suggested = state?.suggested_rule;
  if (state === undefined || suggested === undefined) return [];
  const named = events.find((event) => event.state.suggested_rule?.payload_seq === suggested.payload_seq);
  const version = named?.state.payload_version ?? 1;
  const [arrived, cured] = await Promise.all([
    readReceived(jsm, state.key, version, intakeSeq),
    readSuggested(jsm, state.key, suggested.payload_seq),
  ]);
  const cures = arrived === undefined || cured === undefined ? [] : [{ arrived, cured }];
  const [change] = suggestRepairs(cures, text);
  // Somebody has corrected the payload since, by this rule or otherwise.
  if (change === undefined && state.payload_version > version) return [];
  return [{ repairs: change?.repairs ?? [], cured: 0, rule: { id: suggested.rule_id, name: suggested.name } }];
}
