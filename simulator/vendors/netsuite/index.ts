import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sameSecret } from '../../sign.ts';
import {
  bearer,
  field,
  isObject,
  jsonBody,
  listAt,
  refuse,
  type JsonObject,
  type VendorApi,
  type VendorContext,
} from '../vendor.ts';
import { netSuiteError, notFound, refusals, userError, type NetSuiteProblem } from './errors.ts';
import { validateCreditMemo } from './credit-memos.ts';
import { journalLines, validateJournal } from './journals.ts';
import {
  createLedger,
  totalOf,
  validateSalesOrder,
  type Ledger,
  type NetSuiteRecord,
  type RecordType,
} from './records.ts';
import { reference } from './reference.ts';
import { recordResource } from './shapes.ts';
import { suiteqlRoutes } from './suiteql.ts';

const base = '/services/rest/record/v1';
/** Account limit of service tier 2 with one SuiteCloud Plus licence less what other integrations use. */
const CONCURRENCY = 15;
const countedAs = {
  salesOrder: 'sales_orders',
  invoice: 'invoices',
  creditMemo: 'credit_memos',
  journalEntry: 'journal_entries',
} as const;

/** SuiteTalk REST record service: sales orders, invoices, credit memos and journal entries, upsert by external id, bearer token. */
export function createNetSuite(context: VendorContext, subsidiaries: ReadonlySet<string>): VendorApi {
  const ledger = createLedger(context);
  const token = context.setting('access_token');
  let inFlight = 0;
  let rejected = 0;
  let doubleInvoices = 0;

  const upsert = (request: FastifyRequest, reply: FastifyReply, type: RecordType, externalId: string) => {
    const body = jsonBody(request);
    if (body === undefined)
      return refuse(
        reply,
        netSuiteError(400, [{ detail: 'Invalid content in the request body.', 'o:errorCode': 'INVALID_CONTENT' }]),
      );
    const existing = ledger.find(type, `eid:${externalId}`);
    if (existing !== undefined) {
      existing.upserts++;
      existing.body = { ...existing.body, ...body };
      ledger.save(existing);
      return located(request, reply, existing);
    }
    switch (type) {
      case 'salesOrder':
        return newChecked(request, reply, type, externalId, body, validateSalesOrder(context, subsidiaries, body));
      case 'creditMemo': {
        const problems = validateCreditMemo(context, ledger, subsidiaries, body);
        return newChecked(request, reply, type, externalId, body, problems);
      }
      case 'journalEntry':
        return newChecked(request, reply, type, externalId, body, validateJournal(subsidiaries, body));
      case 'invoice':
        return newInvoice(request, reply, externalId, body);
    }
  };
  const newChecked = (
    request: FastifyRequest,
    reply: FastifyReply,
    type: RecordType,
    externalId: string,
    body: JsonObject,
    problems: NetSuiteProblem[],
  ) => {
    if (problems.length > 0) {
      rejected++;
      return refuse(reply, netSuiteError(400, problems));
    }
    return located(request, reply, ledger.create(type, externalId, body));
  };
  const newInvoice = (
    request: FastifyRequest,
    reply: FastifyReply,
    externalId: string,
    body: JsonObject,
    from?: NetSuiteRecord,
  ) => {
    const named = createdFrom(body['createdFrom']);
    const order = from ?? ledger.find('salesOrder', named) ?? ledger.find('salesOrder', `eid:${named}`);
    const problem =
      order === undefined
        ? `Invalid Field Value ${named} for the following field: createdFrom`
        : order.status === 'cancelled' || order.status === 'closed'
          ? 'The sales order this invoice is created from has been cancelled or closed.'
          : ledger.invoiceOf(order.id) !== undefined
            ? 'The sales order this invoice is created from has been billed in full.'
            : undefined;
    if (problem !== undefined || order === undefined) {
      rejected++;
      if (order !== undefined && ledger.invoiceOf(order.id) !== undefined) doubleInvoices++;
      return refuse(reply, netSuiteError(400, [userError('createdFrom', problem ?? 'Invalid createdFrom')]));
    }
    const invoice = ledger.create('invoice', externalId, body, order);
    order.status = 'billed';
    ledger.save(order);
    return located(request, reply, invoice);
  };

  return {
    authorised: (request) => sameSecret(bearer(request), token),
    limit: (request) => {
      if (inFlight >= CONCURRENCY) return refusals.throttled(1);
      inFlight++;
      let counted = true;
      const done = () => {
        if (counted) inFlight--;
        counted = false;
      };
      request.raw.once('close', done);
      return undefined;
    },
    refusals,
    routes: (app) => {
      routes(app, ledger, upsert);
      suiteqlRoutes(app, context, ledger);
      app.post(`${base}/salesOrder/:id/!transform/invoice`, (request, reply) => {
        const order = ledger.find('salesOrder', field(request.params, 'id'));
        if (order === undefined) return refuse(reply, notFound());
        const body = jsonBody(request) ?? {};
        const externalId = reference(body['externalId']);
        if (ledger.find('invoice', `eid:${externalId}`) !== undefined)
          return upsert(request, reply, 'invoice', externalId);
        return newInvoice(request, reply, externalId, body, order);
      });
    },
    state: () => {
      const view = (type: RecordType) =>
        [...ledger.byId.values()].filter((record) => record.type === type).map(summarise);
      return {
        salesOrders: view('salesOrder'),
        invoices: view('invoice'),
        creditMemos: view('creditMemo'),
        journalEntries: view('journalEntry'),
        rejected,
        double_invoices_refused: doubleInvoices,
      };
    },
    counts: () => {
      const total = {
        sales_orders: 0,
        invoices: 0,
        credit_memos: 0,
        journal_entries: 0,
        cancelled: 0,
        upserts: 0,
        rejected,
        double_invoices_refused: doubleInvoices,
      };
      for (const record of ledger.byId.values()) {
        total[countedAs[record.type]]++;
        if (record.status === 'cancelled' || record.status === 'closed') total.cancelled++;
        total.upserts += record.upserts;
      }
      return total;
    },
  };
}

type Upsert = (request: FastifyRequest, reply: FastifyReply, type: RecordType, externalId: string) => FastifyReply;

function routes(app: FastifyInstance, ledger: Ledger, upsert: Upsert): void {
  for (const type of ['salesOrder', 'invoice', 'creditMemo', 'journalEntry'] as const) {
    app.put(`${base}/${type}/:ref`, (request, reply) => {
      const ref = field(request.params, 'ref');
      if (!ref.startsWith('eid:'))
        return refuse(
          reply,
          netSuiteError(405, [{ detail: 'PUT needs an external ID.', 'o:errorCode': 'INVALID_METHOD' }]),
        );
      return upsert(request, reply, type, ref.slice(4));
    });
    app.post(`${base}/${type}`, (request, reply) => {
      const externalId = reference(jsonBody(request)?.['externalId']);
      if (externalId !== '' && ledger.find(type, `eid:${externalId}`) !== undefined)
        return refuse(
          reply,
          netSuiteError(400, [{ ...userError('externalId', 'This record already exists'), 'o:errorCode': 'DUP_RCRD' }]),
        );
      return upsert(request, reply, type, externalId);
    });
    app.get(`${base}/${type}/:ref`, (request, reply) => {
      const record = ledger.find(type, field(request.params, 'ref'));
      if (record === undefined) return refuse(reply, notFound());
      return reply
        .type('application/vnd.oracle.resource+json; type=singular; charset=UTF-8')
        .send(JSON.stringify(recordResource(record, baseUrl(request))));
    });
    app.patch(`${base}/${type}/:ref`, (request, reply) => {
      const record = ledger.find(type, field(request.params, 'ref'));
      if (record === undefined) return refuse(reply, notFound());
      return patch(request, reply, ledger, record);
    });
  }
}

/** A sales order is cancelled by its status or closed by closing its lines; one that is billed cannot be. */
function patch(request: FastifyRequest, reply: FastifyReply, ledger: Ledger, record: NetSuiteRecord): FastifyReply {
  const body = jsonBody(request) ?? {};
  const wanted = reference(body['orderStatus']);
  const lines = listAt(body['item'], 'items');
  const closes = lines.length > 0 && lines.every((line) => line['isClosed'] === true);
  if (wanted === 'C' || wanted === 'H' || closes) {
    if (record.status === 'billed')
      return refuse(
        reply,
        netSuiteError(400, [userError('orderStatus', 'A billed sales order cannot be cancelled or closed')]),
      );
    record.status = wanted === 'C' ? 'cancelled' : 'closed';
  }
  record.body = { ...record.body, ...(isObject(body) && !closes ? body : {}) };
  if (listAt(record.body['item'], 'items').length > 0) record.total = totalOf(record.body);
  ledger.save(record);
  return located(request, reply, record);
}

const createdFrom = (value: unknown): string => reference(value);

const baseUrl = (request: FastifyRequest): string => {
  const prefix = request.routeOptions.url?.split('/services/')[0] ?? '';
  return `${request.protocol}://${request.host}${prefix}`;
};

function located(request: FastifyRequest, reply: FastifyReply, record: NetSuiteRecord): FastifyReply {
  return reply
    .code(204)
    .header('location', `${baseUrl(request)}${base}/${record.type}/${record.id}`)
    .send();
}

function summarise(record: NetSuiteRecord) {
  return {
    externalId: record.externalId,
    id: record.id,
    tranId: record.tranId,
    total: record.total,
    subsidiary: record.subsidiary,
    currency: record.currency,
    cancelled: record.status === 'cancelled' || record.status === 'closed',
    status: record.status,
    upserts: record.upserts,
    ...(record.type === 'invoice' || record.type === 'creditMemo' ? { createdFrom: record.createdFrom } : {}),
    ...(record.type === 'journalEntry' ? { date: record.body['tranDate'], lines: journalLines(record.body) } : {}),
  };
}
