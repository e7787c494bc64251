import { inParallel } from '#platform/in-parallel.ts';
import type { OutsideLog } from '../outside/outside-log.ts';
import { type OutsideStep, timeOf } from '../outside/outside-step.ts';
import type { RejectedSpan } from './keep-rejected.ts';
import { mapSpan, type SpanContext } from './map-span.ts';
import { ownAttributes } from './own-attributes.ts';
import { type Attributes, type ExportTraceRequest, otlpSpan } from './request.ts';

export interface Taken {
  landed: number;
  known: number;
  ignored: number;
  rejected: RejectedSpan[];
}

interface Candidate {
  span: unknown;
  step: OutsideStep;
}

/** Transactions that are appended to at once. */
const AT_ONCE = 32;

/**
 * Appends the spans of a request to their transactions, those of one transaction by time.
 * @throws where NATS cannot be reached; the same request sent again completes the work.
 */
export async function takeSpans(request: ExportTraceRequest, log: OutsideLog, context: SpanContext): Promise<Taken> {
  const taken: Taken = { landed: 0, known: 0, ignored: 0, rejected: [] };
  const transactions = new Map<string, Candidate[]>();
  for (const { resource, scopeSpans } of request.resourceSpans)
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
      // A service's other work is none of ours, not even where it is malformed.
      if (ownAttributes(span).length === 0) {
        taken.ignored++;
        continue;
      }
      const step = stepOf(span, resource.attributes, context);
      if ('reason' in step) taken.rejected.push({ ...step, span });
      else {
        const name = `${step.flow} ${step.key}`;
        const others = transactions.get(name) ?? [];
        others.push({ span, step });
        transactions.set(name, others);
      }
    }
  await inParallel(transactions.values(), AT_ONCE, async (candidates) => {
    candidates.sort((a, b) => (timeOf(a.step) < timeOf(b.step) ? -1 : 1));
    const [first, ...others] = candidates.map(({ step }) => step);
    if (first === undefined) return;
    const { landed, known, refused } = await log.append([first, ...others]);
    taken.landed += landed;
    taken.known += known;
    if (refused === undefined) return;
    for (const { span } of candidates.slice(landed + known))
      taken.rejected.push({ span, field: 'syncline.key', reason: refused });
  });
  return taken;
}

function stepOf(span: unknown, resource: Attributes, context: SpanContext): ReturnType<typeof mapSpan> {
  const parsed = otlpSpan.safeParse(span);
  if (parsed.success) return mapSpan(parsed.data, resource, context);
  const [issue] = parsed.error.issues;
  return { field: issue?.path.join('.') ?? '', reason: issue?.message ?? 'is no span' };
}
