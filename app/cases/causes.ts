import type { CaseProblem } from '#contracts/v1/case.ts';
import { pointerInWords } from '#app/payloads/pointer.ts';

/** Why a case exists, in words a support agent uses. */
export interface Cause {
  /** "A tax code is not mapped" */
  title: string;
  /** What happened, to what. */
  happened: string;
  /** What to do now. */
  remedy: string;
  /** Where in the payload, in words; empty where no field is named. */
  where: string;
}

export interface CauseContext {
  /** "Order 1042" */
  subject: string;
  systemName: (system: string) => string;
  system: string;
}

type Words = (problem: CaseProblem, context: CauseContext) => { title: string; happened: string; remedy: string };

const mappingNames: Record<string, string> = {
  tax_code: 'tax code',
  sku: 'SKU',
  location: 'location',
  shipping_method: 'shipping method',
  payment_gateway: 'payment gateway',
  return_reason: 'return reason',
  unit: 'unit of measure',
  lot: 'lot',
};

/** "tax_code" → "tax code". */
export const mappingKindInWords = (kind: string): string => mappingNames[kind] ?? kind.replaceAll('_', ' ');

/** "AB-1", the SKU that the engine's message begins with. */
function productOf({ message }: CaseProblem): string {
  return /^The SKU (\S+)/.exec(message)?.[1] ?? 'A product in it';
}

/** Codes that deserve words of their own; the first pattern that matches an error code decides. */
const byCode: readonly [RegExp, Words][] = [
  [
    /inactive/,
    (problem) => ({
      title: `${productOf(problem)} is inactive`,
      happened: 'The item master says that this SKU may not be sold any more.',
      remedy: 'Reactivate the product in the item master and replay, or replace the SKU on that line.',
    }),
  ],
  [
    /unknown[_-]?sku|sku[_-]?unknown|unknown[_-]?product/,
    (problem) => ({
      title: `${productOf(problem)} is unknown`,
      happened: 'No product with this SKU is in the item master.',
      remedy: 'Correct the SKU, add a SKU mapping, or have the product created; then replay.',
    }),
  ],
  [
    /location/,
    () => ({
      title: 'A location is unknown',
      happened: 'The order names a location that the estate does not declare.',
      remedy: 'Correct the location or add a location mapping; then replay.',
    }),
  ],
  [
    /refund_needs_approval/,
    () => ({
      title: 'The refund needs a second person',
      happened: 'More is to be given back than one person may give.',
      remedy: 'Replay to ask for it and have somebody else approve it, or discard the case to refuse the refund.',
    }),
  ],
  [
    /returned_too_many|refund_exceeds/,
    () => ({
      title: 'More is to come back than went out',
      happened:
        'The return asks for more than the order shipped, or than its payments took, less what came back before.',
      remedy: 'Correct the quantity or wait for the missing shipment or capture; then replay, or discard the case.',
    }),
  ],
  [
    /reason_code/,
    () => ({
      title: 'A reason code is missing',
      happened: 'Nobody said why the goods came back, and the refund and what becomes of them depend on it.',
      remedy: 'Ask the warehouse or the customer, put the code into the marked field, and replay.',
    }),
  ],
  [
    /cancel/,
    () => ({
      title: 'A cancellation came too late',
      happened: 'Goods had left when the cancellation arrived, so it could not be undone by itself.',
      remedy: 'Arrange a return with the customer, or discard this case if the order should stand.',
    }),
  ],
  [
    /attempts|exhausted|retries/,
    (_problem, context) => ({
      title: `${nameOf(context)} did not answer in the allowed attempts`,
      happened: `Every attempt to reach ${nameOf(context)} failed, and the policy allows no more.`,
      remedy: `Check ${nameOf(context)} under Connectors. When it answers again, replay: nothing is sent twice.`,
    }),
  ],
];

const byClass: Record<CaseProblem['error_class'], Words> = {
  mapping: (problem, context) => {
    const missing = problem.missing_mapping;
    if (missing === undefined) return unknownThere(context);
    const kind = mappingKindInWords(missing.kind);
    const system = context.systemName(missing.system);
    return {
      title: `The ${kind} “${missing.code}” is not mapped`,
      happened: `${system} needs its own code for the ${kind} “${missing.code}”, and nobody has said which one.`,
      remedy: 'Add the mapping, then replay. The mapping also cures every other order with this code.',
    };
  },
  validation: () => ({
    title: 'The payload does not follow its contract',
    happened: 'A field is missing or has a value that the contract does not allow.',
    remedy: 'Correct the marked field, try it in a dry run, and replay.',
  }),
  reference: () => ({
    title: 'It names something we do not know',
    happened: 'A code in it has no match in the master data.',
    remedy: 'Correct the marked field or add the missing master data, and replay.',
  }),
  totals: () => ({
    title: 'The totals do not add up',
    happened: 'The parts of the order and its total differ by more than the tolerance allows.',
    remedy: 'Compare lines, discounts, shipping and tax with the total, correct the wrong one, and replay.',
  }),
  stock: () => ({
    title: 'There is not enough stock',
    happened: 'No location this channel may sell from has the quantity that was ordered.',
    remedy: 'Replay when stock has arrived, reduce the quantity with the customer’s consent, or cancel the order.',
  }),
  rejected: (_problem, context) => ({
    title: `${nameOf(context)} refused the document`,
    happened: `${nameOf(context)} understood what we sent and refused it.`,
    remedy: 'Read its answer, correct what it names, try it in a dry run, and replay.',
  }),
  auth: (_problem, context) => ({
    title: `${nameOf(context)} did not accept our credentials`,
    happened: 'The credentials are wrong, expired or not allowed to do this.',
    remedy: `Have an administrator renew the credentials of ${nameOf(context)}, then replay.`,
  }),
  throttled: (_problem, context) => ({
    title: `${nameOf(context)} allowed no more calls`,
    happened: 'We were told to slow down until the attempts were used up.',
    remedy: 'Replay when the system is less busy; nothing is sent twice.',
  }),
  unavailable: (_problem, context) => ({
    title: `${nameOf(context)} was not available`,
    happened: 'The system was down or in maintenance until the attempts were used up.',
    remedy: `Check ${nameOf(context)}. When it answers again, replay: nothing is sent twice.`,
  }),
  timeout: (_problem, context) => ({
    title: `${nameOf(context)} did not answer in time`,
    happened: 'We waited as long as the policy allows and do not know whether the call took effect.',
    remedy: 'Replay: the engine looks the document up first and sends it only if it is not there.',
  }),
  conflict: () => ({
    title: 'Something changed at the same time',
    happened: 'Another change to the same document came first.',
    remedy: 'Look at what is there now, then replay or discard.',
  }),
  internal: () => ({
    title: 'Syncline itself failed on this',
    happened: 'A defect in a step of ours, not in the order. Nothing was lost.',
    remedy: 'Tell the on-call engineer the case number; replay once it is repaired.',
  }),
};

/** A code was mapped, to one that the system does not have. */
const unknownThere = (context: CauseContext): ReturnType<Words> => ({
  title: `${nameOf(context)} does not know a code in it`,
  happened: `A code was sent to ${nameOf(context)} that is not known there: its mapping is wrong, or the code is not set up there.`,
  remedy: `Choose “Repair all” on the page of this cause, then “Add a mapping” for the code of the marked field, with one that ${nameOf(context)} knows; or have the code set up there and replay.`,
});

function nameOf(context: CauseContext): string {
  return context.system === '' ? 'Syncline' : context.systemName(context.system);
}

/** Says what happened, to what, and what to do. Every class of the taxonomy has words; some codes have better ones. */
export function causeOf(problem: CaseProblem, context: CauseContext): Cause {
  const special =
    problem.error_class === 'mapping'
      ? undefined
      : byCode.find(([code]) => code.test(problem.error_code.toLowerCase()));
  const words = (special?.[1] ?? byClass[problem.error_class])(problem, context);
  // The words about a mapping say all that the engine's own do.
  const more = problem.message === '' || problem.missing_mapping !== undefined ? '' : ` ${problem.message}`;
  return {
    ...words,
    happened: `${context.subject} stopped. ${words.happened}${more}`,
    where: pointerInWords(problem.path),
  };
}
