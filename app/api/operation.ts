import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ApiClient, ApiScope } from '#contracts/v1/channel-api.ts';
import type { Actor } from '#contracts/v1/commands.ts';
import type { AppServices } from '#app/server/context.ts';

/** A request whose key and scope have been checked. */
export interface ApiCall<Q, B> {
  services: AppServices;
  client: ApiClient;
  /** The client as the engine is told of it. */
  actor: Actor;
  /** Has the client's key this scope? */
  may: (scope: ApiScope) => boolean;
  /** The part of the path that is a name; empty where there is none. */
  id: string;
  query: Q;
  body: B;
  /** Of the asking client, for the audit. */
  address: string;
}

export interface ApiParameter {
  description: string;
  schema: z.ZodType;
  /** May be repeated. */
  list?: boolean;
}

/** A file to be downloaded. */
export interface FileAnswer {
  type: string;
  fileName: string;
  bytes: Readable;
}

interface Described {
  method: 'GET' | 'POST';
  /** Express' spelling; the one name in it is `:id`. */
  path: string;
  tag: 'Cases' | 'Causes' | 'Repairs' | 'Repair rules' | 'Shadow trials' | 'Reconciliation' | 'Exports' | 'Webhooks';
  summary: string;
  description?: string;
  scope: ApiScope;
  /** What `:id` stands for. */
  id?: { description: string; schema: z.ZodType };
  query?: Record<string, ApiParameter>;
  /** `text`: the handler answers with the JSON itself, in which numbers keep every digit. */
  answer: { name: string; schema: z.ZodType; text?: true } | 'text/csv' | { files: readonly string[] };
}

/** One thing that can be asked of the console's API. Routes and the OpenAPI document are made from a table of these. */
export interface ApiOperation extends Described {
  body?: { name: string; schema: z.ZodType };
  /** Rows for `text/csv`, a FileAnswer for files, otherwise what is answered as JSON. @throws Refused */
  handle: (call: ApiCall<Record<string, unknown>, unknown>) => Promise<unknown>;
}

type QueryOf<P extends Record<string, ApiParameter>> = {
  [N in keyof P]: P[N] extends { list: true } ? z.output<P[N]['schema']>[] : z.output<P[N]['schema']> | undefined;
};

/** Keeps what a handler takes and the schemas that its request was checked by together. */
export function operation<
  P extends Record<string, ApiParameter> = Record<never, never>,
  B extends z.ZodType = z.ZodUndefined,
>(
  one: Omit<Described, 'query'> & {
    query?: P;
    body?: { name: string; schema: B };
    handle: (call: ApiCall<QueryOf<P>, z.output<B>>) => Promise<unknown>;
  },
): ApiOperation {
  return {
    ...one,
    // The router hands over only what the schemas beside it have let through.
    handle: (call) => one.handle(call as unknown as ApiCall<QueryOf<P>, z.output<B>>),
  };
}

export const mostPerPage = 200;
/** Which part of a list is asked for. */
export const paging = {
  page: { description: 'From 1', schema: z.coerce.number().int().min(1).max(100_000) },
  per_page: {
    description: 'At most 200; 50 where it is not given',
    schema: z.coerce.number().int().min(1).max(mostPerPage),
  },
} satisfies Record<string, ApiParameter>;

export function pageOf(query: { page: number | undefined; per_page: number | undefined }) {
  const page = query.page ?? 1;
  const per_page = query.per_page ?? 50;
  return { page, per_page, offset: (page - 1) * per_page };
}
