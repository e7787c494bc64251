import type { StoreBatch } from '#contracts/v1/store.ts';

const names = { cash: 'Cash', card: 'CreditDebit', gift_card: 'GiftCard' } as const;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const element = (name: string, text: string | number) => `<${name}>${escaped(String(text))}</${name}>`;
const tenderOf = ({ tender, amount }: { tender: keyof typeof names; amount: string }) =>
  `<Tender TenderType="${names[tender]}">${element('Amount', amount)}</Tender>`;

/** A batch as a till of the POSLog kind writes it. */
export function posLogOf(batch: StoreBatch): string {
  const { end_of_day: end } = batch;
  const transactions = batch.transactions.map(({ id, kind, at, lines, tenders, online_order }) => {
    const goods = lines.map(({ sku, quantity, net, taxes, line_id, reason_code, condition }) => {
      const name = kind === 'sale' ? 'Sale' : 'Return';
      const tax = taxes.map((one) => `<Tax>${element('TaxGroupID', one.code)}${element('Amount', one.amount)}</Tax>`);
      const fields = [element('ItemID', sku), element('ExtendedAmount', net), element('Quantity', quantity)];
      const back = [
        line_id === undefined ? '' : element('sl:OrderLineID', line_id),
        reason_code === undefined ? '' : element('Reason', reason_code),
        condition === undefined ? '' : element('sl:Condition', condition),
      ];
      return `<LineItem><${name}>${[...fields, ...tax, ...back].join('')}</${name}></LineItem>`;
    });
    const paid = tenders.map((one) => `<LineItem>${tenderOf(one)}</LineItem>`);
    const head = [
      element('RetailStoreID', batch.store),
      element('SequenceNumber', id),
      element('BusinessDayDate', batch.business_date),
      element('EndDateTime', at),
      element('CurrencyCode', batch.currency),
    ];
    const order =
      online_order === undefined
        ? ''
        : `<sl:OnlineOrder>${element('sl:ChannelID', online_order.channel)}${element('sl:OrderID', online_order.order)}</sl:OnlineOrder>`;
    const retail = `<RetailTransaction>${[...goods, ...paid, order].join('')}</RetailTransaction>`;
    return `<Transaction>${head.join('')}${retail}</Transaction>`;
  });
  const own = [
    element('sl:RetailStoreID', batch.store),
    element('sl:SequenceNumber', batch.sequence),
    element('sl:BusinessDayDate', batch.business_date),
    element('sl:GeneratedDateTime', batch.generated_at),
    element('sl:CurrencyCode', batch.currency),
    element('sl:Backlog', batch.backlog),
    ...batch.counts.map(
      ({ sku, on_hand }) => `<sl:Count>${element('sl:ItemID', sku)}${element('sl:Quantity', on_hand)}</sl:Count>`,
    ),
    end === undefined
      ? ''
      : `<sl:EndOfDay>${element('sl:FirstSequenceNumber', end.first_sequence)}${end.takings.map(tenderOf).join('')}${element('sl:TaxAmount', end.tax)}${element('sl:CountedCash', end.counted_cash)}</sl:EndOfDay>`,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/" xmlns:sl="urn:syncline:store-batch:1">
<sl:Batch>${own.join('')}</sl:Batch>${transactions.join('')}</POSLog>`;
}
