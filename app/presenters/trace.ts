import type { z } from 'zod';
import { maskText } from '#app/payloads/mask.ts';
import { formatNumber } from '#app/format.ts';
import { mostSteps, type transactionSteps } from '#app/queries/order-detail.ts';
import { type EstateNames, inWords } from '#app/words/names.ts';

/** A transaction's steps in people's words, without what may not be seen of a person. */
export function presentTrace(
  steps: readonly z.output<typeof transactionSteps.row>[],
  { names, personal }: { names: EstateNames; personal: boolean },
) {
  return steps.slice(0, mostSteps).map((step) => ({
    ...step,
    error_message: inWords(maskText(step.error_message), names),
    attributes: inEstateWords(withoutPersonal(step.attributes, personal), names),
  }));
}

/** "12 events", "the first 20,000 events" */
export function eventsInWords(steps: readonly unknown[]): string {
  if (steps.length > mostSteps) return `the first ${formatNumber(mostSteps)} events`;
  return `${formatNumber(steps.length)} ${steps.length === 1 ? 'event' : 'events'}`;
}

/** Attributes that say something say it with names; references, keys and numbers stay as they are. */
function inEstateWords(attributes: Record<string, string>, names: EstateNames): Record<string, string> {
  const said = Object.entries(attributes).filter(([name]) => name === 'reason' || name === 'failed_message');
  return { ...attributes, ...Object.fromEntries(said.map(([name, value]) => [name, inWords(value, names)])) };
}

function withoutPersonal(attributes: Readonly<Record<string, string>>, personal: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => personal || name !== 'ref_customer_email')
      .map(([name, value]) => [name, personal ? value : maskText(value)]),
  );
}
