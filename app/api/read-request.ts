import type { Request } from 'express';
import { invalid } from '#platform/http/problem.ts';
import { check, parseJson } from '#platform/http/json.ts';
import type { ApiOperation } from './operation.ts';

/** The query of a request, each parameter by its schema. @throws Refused 422 that names what is unknown or does not fit. */
export function readQuery(request: Request, parameters: ApiOperation['query'] = {}): Record<string, unknown> {
  const search = new URL(request.originalUrl, 'http://localhost').searchParams;
  const errors: { path: string; message: string }[] = [];
  for (const name of new Set(search.keys()))
    if (!Object.hasOwn(parameters, name)) errors.push({ path: name, message: 'there is no such parameter' });
  const read = Object.entries(parameters).map(([name, { schema, list }]) => {
    const values = search.getAll(name).map((value) => {
      const parsed = schema.safeParse(value);
      if (!parsed.success) errors.push({ path: name, message: parsed.error.issues[0]?.message ?? 'does not fit' });
      return parsed.data;
    });
    if (list !== true && values.length > 1) errors.push({ path: name, message: 'may be given once only' });
    return [name, list === true ? values : values[0]] as const;
  });
  if (errors.length > 0) throw invalid('The query is not valid.', errors);
  return Object.fromEntries(read);
}

/** The body of a request by its schema; undefined where the operation takes none. @throws Refused 400 or 422 */
export function readBody(request: Request, body: ApiOperation['body']): unknown {
  if (body === undefined) return undefined;
  const bytes: unknown = request.body;
  return check(body.schema, parseJson(bytes instanceof Uint8Array ? bytes : new Uint8Array()));
}

/** @throws Refused 422 where `:id` is none. */
export function readId(request: Request, id: ApiOperation['id']): string {
  const text = request.params['id'] ?? '';
  if (id === undefined) return '';
  const parsed = id.schema.safeParse(text);
  if (parsed.success) return text;
  throw invalid('The name in the path is not valid.', [
    { path: 'id', message: parsed.error.issues[0]?.message ?? 'does not fit' },
  ]);
}
