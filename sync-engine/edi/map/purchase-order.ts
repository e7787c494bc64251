import type { Channel } from '#contracts/v1/estate.ts';
import { order as orderSchema } from '#contracts/v1/order.ts';
import { channelOf, noChannelProblem, type Canonicalised, type CanonicaliseContext } from '../../connectors/reading.ts';
import { Decimal, minorDigits, sumAmounts } from '../../money.ts';
import { fromLocalStamp } from '#platform/local-stamp.ts';
import type { Segment } from '../reading.ts';
import { chargesOf, taxesOf } from './charges.ts';
import type { CodeContext } from './codes.ts';
import { headsAndSegments, loopsOf, qualified, segmentOf, segmentsOf, value, type ReceivedSet } from './loops.ts';
import { momentOf } from './moments.ts';
import { addressOf, contactNumber, partyOf } from './parties.ts';
import { Problems } from './problems.ts';
import { orderLine, type OrderLineCandidate } from './purchase-order-lines.ts';
import { sourceOf } from './purchase-order-sources.ts';
import { spread } from './spread.ts';

export type OrderContext = CanonicaliseContext & CodeContext;

/**
 * The canonical order of a purchase order (850). Money is exact: an allowance or tax of the whole order is spread over its
 * lines to the cent. Problems point into the received document (contracts/x12/path.ts).
 */
export function orderOfPurchaseOrder(received: ReceivedSet, context: OrderContext): Canonicalised {
  const { content, name } = received.set;
  const problems = new Problems(name);
  const currency = value(segmentOf(content, 'CUR'), 2) ?? context.partner.currency;
  const channel = channelOf(context.estate, context.system, currency);
  if (channel === undefined) return { problems: [noChannelProblem(context.system)] };
  const begin = segmentOf(content, 'BEG') ?? content.head;
  checkPurpose(begin, problems);
  checkLineCount(received, problems);
  const candidate = build(received, begin, currency, channel, context, problems);
  const parsed = orderSchema.safeParse(candidate);
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const { segment, element } = sourceOf(issue.path, content, begin);
      const field = issue.path.map(String).join('.');
      problems.add('validation', `schema_${issue.code}`, segment, element, `${field}: ${issue.message}`);
    }
  if (problems.all.length > 0 || !parsed.success) return { problems: problems.all };
  return { order: parsed.data };
}

/** BEG01: 00 original, 01 cancellation, 05 replace, 06 confirmation, 07 duplicate. */
function checkPurpose(begin: Segment, problems: Problems): void {
  const purpose = value(begin, 1) ?? '';
  if (['00', '01', '05', '06', '07'].includes(purpose)) return;
  problems.add(
    'validation',
    'unsupported_purpose',
    begin,
    1,
    `A purchase order with purpose ${purpose} (BEG01) is not taken. Ask for the whole order with purpose 00 or 05.`,
  );
}

function checkLineCount({ set: { content } }: ReceivedSet, problems: Problems): void {
  const [totals] = headsAndSegments(content, 'CTT');
  const stated = value(totals, 1);
  const present = loopsOf(content, 'PO1').length;
  if (totals === undefined || stated === undefined || Number(stated) === present) return;
  problems.add(
    'totals',
    'line_count_differs',
    totals,
    1,
    `The order counts ${stated} lines (CTT01); there are ${present}. See whether a line is missing, else correct the count.`,
  );
}

function build(
  { set: { content }, group, interchange }: ReceivedSet,
  begin: Segment,
  currency: string,
  channel: Channel,
  context: OrderContext,
  problems: Problems,
) {
  const { partner } = context;
  const lines = loopsOf(content, 'PO1').map((loop) => orderLine(loop, currency, context, problems));
  const goods = lines.map((line) => new Decimal(line.unit_price).times(line.quantity).toFixed());
  const base = { amount: new Decimal(sumAmounts(goods)), quantity: new Decimal(1), currency };
  const { allowances, charges } = chargesOf(content, base, problems);
  const digits = minorDigits(currency);
  for (const { code, amount } of allowances)
    spread(amount, goods, digits).forEach((part, i) => addUnlessNothing(lines[i]?.discounts, { code, amount: part }));
  for (const { code, rate, amount } of taxesOf(content, base, problems))
    spread(amount, goods, digits).forEach((part, i) => addUnlessNothing(lines[i]?.taxes, { code, rate, amount: part }));

  const [buyer, shipTo, billTo] = [['BY', 'ST'], ['ST', 'BY'], ['BT']].map((entities) => partyOf(content, entities));
  const shipping = shipTo && addressOf(shipTo, partner);
  const billing = billTo && addressOf(billTo, partner);
  if (shipping === undefined)
    problems.addMissing(
      'missing_address',
      shipTo === undefined ? 'N1' : 'N3',
      shipTo?.head ?? content.head,
      'The order has no address to ship to. Add one behind N1*ST (N3, N4).',
    );
  const contacts = [...segmentsOf(content, 'PER'), ...(buyer === undefined ? [] : segmentsOf(buyer, 'PER'))];
  const email = contactNumber(contacts, 'EM');
  const buyerId = value(buyer?.head, 4);
  const buyerName = value(buyer?.head, 2);
  const release = value(begin, 4);
  const number = value(begin, 3) ?? '';
  const sent = fromLocalStamp(group.header?.date ?? '', group.header?.time ?? '', partner.time_zone);
  const placed = momentOf(value(begin, 5), undefined, group, partner);
  return {
    schema_version: 1,
    system: context.system,
    external_id: release === undefined ? number : `${number}-${release}`,
    number,
    channel: channel.id,
    region: channel.region,
    brand: channel.brand,
    legal_entity: channel.legal_entity,
    tier: tierOf(segmentsOf(content, 'TD5'), context),
    placed_at: placed,
    updated_at: sent ?? placed,
    currency,
    taxes_included: false,
    test: interchange.header?.test ?? partner.usage === 'T',
    ...(value(begin, 1) === '01' ? { cancelled_at: sent ?? placed } : {}),
    customer: {
      ...(buyerId === undefined ? {} : { external_id: buyerId }),
      ...(buyerName === undefined ? {} : { name: buyerName }),
      ...(email === undefined ? {} : { email }),
    },
    ...(billing === undefined ? {} : { billing_address: billing }),
    ...(shipping === undefined ? {} : { shipping_address: shipping }),
    fulfilment: { kind: 'ship' },
    lines,
    shipping: charges.map(({ code, title, amount }) => ({ code, title, price: amount, discounts: [], taxes: [] })),
    payments: [],
    totals: totalsOf(
      lines,
      charges.map(({ amount }) => amount),
      goods,
      statedTotal(
        headsAndSegments(content, 'AMT'),
        loopsOf(content, 'CTT').flatMap((loop) => segmentsOf(loop, 'AMT')),
      ),
    ),
  };
}

function addUnlessNothing<T extends { amount: string }>(list: T[] | undefined, item: T): void {
  if (!new Decimal(item.amount).isZero()) list?.push(item);
}

/** Total of the order where the sender states one: TT total of the document, GV gross value. */
const statedTotal = (...amounts: readonly (readonly Segment[])[]): string | undefined =>
  value(qualified(amounts.flat(), ['TT', 'GV']), 2);

/** What the parts come to; the total as stated, so that a difference is found by the rule that looks for it. */
function totalsOf(
  lines: readonly OrderLineCandidate[],
  charges: readonly string[],
  goods: readonly string[],
  stated?: string,
) {
  const subtotal = sumAmounts(goods);
  const discount = sumAmounts(lines.flatMap(({ discounts }) => discounts.map(({ amount }) => amount)));
  const tax = sumAmounts(lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount)));
  const shipping = sumAmounts(charges);
  const total = sumAmounts([subtotal, new Decimal(discount).negated().toFixed(), shipping, tax, '0.00']);
  return { subtotal, discount, shipping, tax, duties: '0.00', tip: '0.00', total: stated ?? total };
}

/** Service levels (TD512) that mean it must leave at once: next day, overnight, same day, next hour. */
const urgent = new Set(['ND', 'ON', 'SA', 'NH', 'CX']);

function tierOf(routings: readonly Segment[], context: OrderContext): 'express' | 'standard' | 'economy' {
  for (const routing of routings)
    for (const number of [12, 5, 3]) {
      const code = value(routing, number);
      const mapped = code === undefined ? undefined : context.mapping('shipping_method', code);
      if (mapped === 'express' || mapped === 'standard' || mapped === 'economy') return mapped;
      if (number === 12 && code !== undefined && urgent.has(code)) return 'express';
    }
  return 'standard';
}
