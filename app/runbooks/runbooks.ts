import type { ErrorClass } from '#contracts/v1/step-event.ts';

/** What to do about one class of failure, written for whoever has the case on their screen. */
export interface Runbook {
  title: string;
  /** What it means, in a paragraph. */
  means: string;
  check: readonly string[];
  cure: readonly string[];
  /** Who helps where that is not enough, and what to tell them. */
  ask: string;
}

/** One for every class of the taxonomy. A cause may have a runbook of its own besides, which is shown first. */
export const runbooks: Record<ErrorClass, Runbook> = {
  validation: {
    title: 'The payload does not follow its contract',
    means:
      'What arrived lacks a field, or has a value that the contract does not allow. We never guess what was meant, so the order waits and nothing has been sent for it.',
    check: [
      'Look at the marked field on the case, and at the words beneath it: they say what would be right.',
      'Open the order in the channel. Is it wrong there too, or only in what was sent to us?',
      'Is this one order, or does the cause have many cases? Many at once mean that the channel changed its format.',
    ],
    cure: [
      'Correct the field in the editor, try it in a dry run, and replay.',
      'Where the order is wrong in the channel as well, have it corrected there too, or the next message brings the mistake back.',
      'Where many came at once, put the cause on hold and correct them together once the format is understood.',
    ],
    ask: 'The integration engineer of the channel: send the case file. It shows what arrived without personal data.',
  },
  mapping: {
    title: 'A code is not mapped',
    means:
      'One system says a code, such as a tax or a shipping method, and the other has a code of its own for it. Nobody has said yet which one belongs to which.',
    check: [
      'Read which code is missing, and for which system. The case names both.',
      'Look at what similar codes are mapped to: they are offered beneath the field under “Suggested repair”.',
      'Make sure that the code is a real one and not a slip of the pen in the channel.',
    ],
    cure: [
      'Add the mapping on the case, try it in a dry run, and replay. It serves all other orders with this code as well.',
      'Where the channel wrote a wrong code, correct it there and on the case. Do not add a mapping for a mistake.',
    ],
    ask: 'Finance for tax codes and payment methods, logistics for shipping methods and locations, merchandising for SKUs.',
  },
  reference: {
    title: 'It names something we do not know',
    means:
      'The payload speaks of a product, a location, a customer or a document that is not in our master data, or is no longer active there.',
    check: [
      'Look the named code up in the item master or in the list of locations. Is it missing, inactive, or spelt differently?',
      'A new product may only be late: has it been published to the ERP?',
    ],
    cure: [
      'Where it is missing, have it created or activated. Once it has arrived here, replay: the payload needs no change.',
      'Where it is misspelt, correct the field, try it in a dry run, and replay.',
      'Where a product was replaced by another, agree the replacement with the customer before you change the line.',
    ],
    ask: 'Merchandising or whoever keeps the item master: give the code, and since when orders with it come in.',
  },
  totals: {
    title: 'The totals do not add up',
    means:
      'Lines, discounts, shipping and tax do not sum up to the total within the tolerance. Posted like this, the books would be wrong by the difference.',
    check: [
      'Compare the parts with the total. The difference itself often tells which part is missing: a discount, the shipping tax, a gift card.',
      'See what the customer really paid in the channel. That amount is the truth.',
      'Differences of a cent or two over many orders come from rounding and are for finance to decide.',
    ],
    cure: [
      'Correct the part that is wrong so that the total is what the customer paid; then dry run and replay.',
      'Never change the total itself to make it fit.',
    ],
    ask: 'Finance, with the order number, the total, and the difference. They decide on rounding rules and tolerances.',
  },
  stock: {
    title: 'There is not enough stock',
    means:
      'No location from which this channel may sell has the quantity that was ordered. The customer has paid for something that we cannot promise at this moment.',
    check: [
      'Look at the SKU in the warehouse’s system: on hand, reserved, in transit. The order’s page shows what we hold back for it.',
      'Does the warehouse count differ from ours? Then it is the count that needs looking into.',
      'See when the next delivery is due, and whether it is before the deadline on the case.',
    ],
    cure: [
      'Stock has arrived or was corrected: replay. The payload needs no change.',
      'Stock comes too late: agree a smaller quantity, another product or a cancellation with the customer, then correct the line or cancel the order.',
      'Put the case on hold with the date of the delivery, so that nobody tries in vain.',
    ],
    ask: 'Inventory control for counts, purchasing for deliveries, customer service for the talk with the customer.',
  },
  rejected: {
    title: 'The outside system refused it',
    means:
      'The system understood what we sent and said no, by a rule of its own: a closed period, a blocked customer, a value it does not accept. Sending the same again brings the same answer.',
    check: [
      'Read its answer on the case. It names the rule, and mostly the field.',
      'Look at what fixed this cause before, at the right of the case.',
      'See in the system itself whether somebody has entered the document by hand meanwhile.',
    ],
    cure: [
      'Where the payload is at fault, correct what the answer names, try it in a dry run, and replay.',
      'Where the rule is at fault, have it changed in that system, then replay unchanged.',
      'Where the document exists there already, use “Done outside” with its number. It is looked up before the order goes on.',
    ],
    ask: 'The owner of the system. For postings that is finance; for warehouse orders, the operator of the warehouse.',
  },
  auth: {
    title: 'Our credentials were not accepted',
    means:
      'The system does not let us in: a key has expired, was revoked, or lacks a permission. Everything that goes to this system stops, not only this order.',
    check: [
      'Look at the Live page: is every call to the system failing, or only one kind? One kind alone lacks a permission.',
      'Has somebody renewed keys, changed passwords or roles in that system recently?',
    ],
    cure: [
      'An administrator renews the credentials in the secret store and restarts the engine as the operations guide says.',
      'Then replay the cases of the cause together. Nothing is sent twice: each document is looked up first.',
      'Do not try again and again before that; some systems lock the account.',
    ],
    ask: 'An administrator of Syncline, and the administrator of the outside system. Tell nobody the credentials themselves.',
  },
  throttled: {
    title: 'It allowed no more calls',
    means:
      'The system told us to slow down, and we did, until the attempts that the policy allows were used up. The order itself is all right.',
    check: [
      'Look at the rate and the backlog of the system on the Live page. Is it a peak, or does it last?',
      'Does something else use the same account, such as an import or a report?',
    ],
    cure: [
      'Wait until the backlog falls, then replay. Replay many in small waves and not all at once.',
      'Where it comes back daily, have the limit raised, or our rate for the system lowered in the estate file.',
    ],
    ask: 'The vendor for a higher limit; the integration engineer for our own rate.',
  },
  unavailable: {
    title: 'The system was not available',
    means:
      'It was down, in maintenance or not reachable for longer than our attempts last. What was accepted from the channel is safe and waits here.',
    check: [
      'Look at its state on the Live page: stopped, held back or working again?',
      'Look at the vendor’s status page, and whether a maintenance window was announced.',
    ],
    cure: [
      'Once it answers again, replay the cases of the cause. Nothing is sent twice.',
      'While it is down, put the cause on hold and write down what the vendor said, so that colleagues need not ask again.',
    ],
    ask: 'On-call, where a system that should be up does not answer; then the vendor’s support, with the time of the first failure.',
  },
  timeout: {
    title: 'It did not answer in time',
    means:
      'We sent the call and heard nothing for as long as the policy allows. It may have taken effect or not: nobody knows without looking.',
    check: [
      'Look in the system for the document of this order.',
      'Many at once mean that the system is slow; look at its latency on the Live page.',
    ],
    cure: [
      'Replay. The engine looks the document up first, and sends it only where it does not exist.',
      'Where the system cannot be asked, look yourself. If the document is there, use “Done outside” with its number.',
      'Never enter the document by hand and replay as well.',
    ],
    ask: 'The owner of the system, with the number of the order and the time of the call from its trace.',
  },
  conflict: {
    title: 'Somebody else was first',
    means:
      'The same document was changed by somebody or something else at the same moment, so that what we wanted to do no longer fits what is there.',
    check: [
      'Look at the document as it is now in the outside system. Who changed it, and is that what the customer wants?',
      'Look at the history of the order: did a newer message arrive meanwhile?',
    ],
    cure: [
      'Where ours is still wanted, replay: it is decided anew on what is there now.',
      'Where the other change is the right one, discard the case and say why.',
    ],
    ask: 'Whoever made the other change, as the system’s own history names them.',
  },
  internal: {
    title: 'Syncline itself failed',
    means:
      'A step of ours has a defect. The order is all right, nothing was lost, and nothing more is sent for it until somebody replays it.',
    check: [
      'Is it one order or many? Many since a certain time point to a change that was made then.',
      'Note the number of the case and the step at which it stopped.',
    ],
    cure: [
      'Leave the payload as it is: changing it hides the defect.',
      'Put the cause on hold until it is repaired, then replay its cases.',
      'Where a deadline is near, ask whether the document can be made by hand, and use “Done outside” with its number.',
    ],
    ask: 'The on-call engineer, at once where money or deadlines are at stake. The number of a case is enough.',
  },
};

export const runbookPath = (errorClass: ErrorClass): string => `/runbooks/${errorClass}`;
