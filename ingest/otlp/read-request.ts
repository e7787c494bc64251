import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { Refused } from '#platform/http/problem.ts';
import { decodeRequest } from './messages.ts';
import { type ExportTraceRequest, exportTraceRequest } from './request.ts';

const malformed = (detail: string, cause?: unknown): Refused =>
  new Refused({ status: 400, reason: 'malformed', title: 'The request is not well formed', detail }, { cause });

/** What a request carries. @throws Refused 400, 413 or 415 */
export async function readRequest(request: FastifyRequest, maxBytes: number): Promise<ExportTraceRequest> {
  const body = await unpack(request, maxBytes);
  let content: unknown;
  try {
    content = isProtobuf(request) ? decodeRequest(body) : JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw malformed(`The body is no ${isProtobuf(request) ? 'ExportTraceServiceRequest' : 'JSON'}.`, error);
  }
  const parsed = exportTraceRequest.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(`The body is no ExportTraceServiceRequest: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

export const isProtobuf = ({ headers }: FastifyRequest): boolean =>
  (headers['content-type'] ?? '').startsWith('application/x-protobuf');

const inflate = promisify(gunzip);

async function unpack({ body, headers }: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const packed = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return packed;
  if (encoding !== 'gzip')
    throw new Refused({ status: 415, reason: 'malformed', title: 'Unknown encoding', detail: 'Send gzip or plain.' });
  try {
    // Bounded while it is unpacked: a few kilobytes can hold gigabytes.
    return await inflate(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError)
      throw new Refused({
        status: 413,
        reason: 'too_large',
        title: 'The body is too large',
        detail: `At most ${maxBytes} bytes are accepted, unpacked too.`,
      });
    throw malformed('The body is not gzip.', error);
  }
}
