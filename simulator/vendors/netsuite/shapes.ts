import type { JsonObject } from '../vendor.ts';
import type { NetSuiteRecord } from './records.ts';

/** SuiteTalk's status letters of a sales order: pending fulfilment, cancelled, closed, billed. */
const orderStatus = { open: 'B', cancelled: 'C', closed: 'H', billed: 'G' } as const;
const statusName = { open: 'Pending Fulfillment', cancelled: 'Cancelled', closed: 'Closed', billed: 'Billed' } as const;

/** A record as GET answers it, with the fields integrations read. */
export function recordResource(record: NetSuiteRecord, baseUrl: string): JsonObject {
  const self = `${baseUrl}/services/rest/record/v1/${record.type}/${record.id}`;
  const link = (path: string) => ({ links: [{ rel: 'self', href: `${baseUrl}/services/rest/record/v1/${path}` }] });
  const common = {
    links: [{ rel: 'self', href: self }],
    id: record.id,
    externalId: record.externalId,
    tranId: record.tranId,
    createdDate: record.createdAt.replace(/\.\d+/, ''),
    lastModifiedDate: record.lastModifiedAt.replace(/\.\d+/, ''),
    tranDate: record.createdAt.slice(0, 10),
    currency: { ...link(`currency/${record.currency}`), id: record.currency, refName: record.currency },
    entity: record.body['entity'] ?? null,
    subsidiary: { ...link(`subsidiary/${record.subsidiary}`), id: record.subsidiary },
    total: record.total,
    memo: record.body['memo'] ?? null,
    otherRefNum: record.body['otherRefNum'] ?? null,
    item: link(`${record.type}/${record.id}/item`),
  };
  if (record.type === 'invoice')
    return {
      ...common,
      createdFrom: { ...link(`salesOrder/${record.createdFrom}`), id: record.createdFrom },
      status: { id: 'open', refName: 'Open' },
    };
  if (record.type === 'creditMemo')
    return {
      ...common,
      createdFrom:
        record.createdFrom === '' ? null : { ...link(`invoice/${record.createdFrom}`), id: record.createdFrom },
      unapplied: record.total,
      status: { id: 'open', refName: 'Open' },
    };
  if (record.type === 'journalEntry')
    return { ...common, tranDate: record.body['tranDate'] ?? common.tranDate, approved: true };
  return {
    ...common,
    orderStatus: { id: orderStatus[record.status], refName: statusName[record.status] },
    status: { id: orderStatus[record.status], refName: statusName[record.status] },
  };
}
