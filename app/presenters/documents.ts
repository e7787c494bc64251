import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { intakeSeqOf, readCanonical, readExchange, readReceived } from '#app/payloads/read.ts';
import { maskText } from '#app/payloads/mask.ts';
import { showDocument, showHeaders, type ShownDocument } from '#app/payloads/show.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords, systemName } from '#app/words/names.ts';
import { statusOf, stepLabel } from '#app/words/steps.ts';

export interface VersionedDocument extends ShownDocument {
  version: number;
}

export interface SentDocument {
  seq: number;
  label: string;
  system: string;
  /** "POST /services/rest/…" */
  request: string;
  outcome: string;
  at: string;
  durationMs: number;
  headers: Record<string, string>;
  body: ShownDocument;
  answer: { status: number; headers: Record<string, string>; body: ShownDocument } | undefined;
  error: string;
}

export interface OrderDocuments {
  received: VersionedDocument[];
  canonical: VersionedDocument[];
  sent: SentDocument[];
  /** Documents that are named by a step but no longer kept. */
  agedOut: number;
}

const mostVersions = 20;
const mostCalls = 60;

/** What is read of a transaction's steps to find its documents. */
type DocumentStep = Pick<StepEvent, 'step' | 'system' | 'status' | 'attempt' | 'payload_version' | 'attributes'>;

/** Everything that came in, what it was understood as, and what was sent for one transaction. */
export async function presentDocuments(
  context: Pick<AppContext, 'read' | 'estate' | 'jsm'>,
  { flow = 'order_to_cash', key, revealed }: { flow?: Flow; key: string; revealed: boolean },
): Promise<OrderDocuments> {
  return documentsOf(context, { key, revealed, steps: await context.read(transactionSteps, { flow, key }) });
}

/** The documents that the steps of a transaction name. */
export async function documentsOf(
  context: Pick<AppContext, 'estate' | 'jsm'>,
  { key, revealed, steps }: { key: string; revealed: boolean; steps: readonly DocumentStep[] },
): Promise<OrderDocuments> {
  const names = estateNames(context.estate);
  const intakeSeq = intakeSeqOf(steps);
  const latest = Math.max(1, ...steps.map((step) => step.payload_version));
  const versions = Array.from({ length: Math.min(latest, mostVersions) }, (_, i) => latest - i);
  const calls = steps.filter((step) => step.attributes['payload_seq'] !== undefined).slice(-mostCalls);

  const shown = (texts: (string | undefined)[]) =>
    texts.flatMap((text, i): VersionedDocument[] => {
      const version = versions[i];
      return text === undefined || version === undefined ? [] : [{ version, ...showDocument(text, revealed) }];
    });
  const [received, canonical, exchanges] = await Promise.all([
    Promise.all(versions.map((version) => readReceived(context.jsm, key, version, intakeSeq))),
    Promise.all(versions.map((version) => readCanonical(context.jsm, key, version))),
    Promise.all(calls.map((step) => readExchange(context.jsm, key, Number(step.attributes['payload_seq'])))),
  ]);
  const sent = calls.flatMap((step, i): SentDocument[] => {
    const kept = exchanges[i];
    if (kept === undefined) return [];
    return [
      {
        seq: Number(step.attributes['payload_seq']),
        label: `${stepLabel(step.step)}${step.attempt > 1 ? `, attempt ${step.attempt}` : ''}`,
        system: systemName(names, step.system),
        request: `${kept.call.method} ${kept.call.path}`,
        outcome: step.attributes['passed_over'] === undefined ? statusOf(step.status).word : 'not sent: only observed',
        at: kept.at,
        durationMs: kept.duration_ms,
        headers: showHeaders(kept.call.headers, revealed),
        body: showDocument(kept.call.body, revealed),
        answer: kept.answer && {
          status: kept.answer.status,
          headers: showHeaders(kept.answer.headers, revealed),
          body: showDocument(kept.answer.body, revealed),
        },
        error: inWords(maskText(kept.error ?? ''), names),
      },
    ];
  });
  return { received: shown(received), canonical: shown(canonical), sent, agedOut: calls.length - sent.length };
}
