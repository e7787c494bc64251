import { parse, stringify } from 'lossless-json';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { maskProblems, readCase } from '#app/presenters/case-page.ts';
import { presentDocuments, type OrderDocuments, type VersionedDocument } from '#app/presenters/documents.ts';
import type { AppContext } from '#app/server/context.ts';
import { caseEventWords } from '#app/words/cases.ts';
import { estateNames, systemName } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';

/**
 * A case as one JSON file to be handed to a vendor's support desk: what stopped, what arrived, what was sent and answered.
 * Nobody's role makes it show more: personal data, credentials and the names of our own people are never in it. Numbers
 * keep every digit. Undefined where there is no such case.
 */
export async function caseFile(
  context: Pick<AppContext, 'js' | 'jsm' | 'read' | 'estate' | 'now'>,
  caseId: string,
): Promise<string | undefined> {
  const events = await readCase(context, caseId);
  const state = events.at(-1)?.state;
  if (state === undefined) return undefined;
  const { flow, key } = state;
  const documents = await presentDocuments(context, { flow, key, revealed: false });
  return writeCaseFile(context, { state, events, documents });
}

/** The file of a case that stands like this. */
export function writeCaseFile(
  { estate, now }: Pick<AppContext, 'estate' | 'now'>,
  { state, events, documents }: { state: CaseState; events: readonly CaseEvent[]; documents: OrderDocuments },
): string {
  const names = estateNames(estate);
  const file = {
    format: 'syncline-case-file/1',
    exported_at: now().toISOString(),
    case: {
      id: state.case_id,
      status: state.status,
      concerns: state.business_key,
      step: stepLabel(state.step),
      system: systemName(names, state.system),
      trace_id: state.trace_id,
      opened_at: state.opened_at,
      closed_at: state.closed_at,
      times_failed: state.times_failed,
    },
    problems: maskProblems(state.problems, names).map(({ error_class, error_code, path, document, message }) => ({
      class: error_class,
      code: error_code,
      document,
      path,
      message,
    })),
    history: events.map(({ at, type, actor }: CaseEvent) => ({
      at,
      what: `${actor === 'syncline' ? 'Syncline' : 'somebody'}: ${caseEventWords(type)}`,
    })),
    received: documents.received.map(versioned),
    understood_as: documents.canonical.map(versioned),
    calls: documents.sent.map(({ label, system, request, outcome, at, durationMs, headers, body, answer, error }) => ({
      step: label,
      system,
      request,
      outcome,
      at,
      duration_ms: durationMs,
      headers,
      body: content(body.text),
      ...(answer === undefined
        ? {}
        : { answer: { status: answer.status, headers: answer.headers, body: content(answer.body.text) } }),
      ...(error === '' ? {} : { error }),
    })),
    no_longer_kept: documents.agedOut,
  };
  return `${stringify(file, null, 2) ?? ''}\n`;
}

const versioned = ({ version, text }: VersionedDocument) => ({ version, document: content(text) });

/** JSON as JSON, with every digit; anything else as text. */
function content(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
