import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from './context.ts';

/**
 * Answers a question so that whoever asks again is told only what changed: an entity tag over the content, and 304 where
 * the asker has it already (RFC 9110, 13.1.2). A cache may keep the answer, and asks before it uses it.
 */
export function answerConditionally(request: FastifyRequest, reply: FastifyReply, content: unknown): FastifyReply {
  const body = JSON.stringify(content);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (isKnown(headerOf(request, 'if-none-match'), tag)) return reply.status(304).send();
  return reply.type('application/json; charset=utf-8').send(body);
}

/** One of the tags, compared weakly, or `*`. */
const isKnown = (given: string | undefined, tag: string): boolean =>
  (given ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
