import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { requirePermission } from '#app/auth/guard.ts';
import { queryLimits } from '#app/sql/limits.ts';
import type { QueryProgress } from '#app/sql/progress.ts';
import { readTimeRange } from '#app/time-range.ts';

const asked = z.object({
  sql: z.string().max(queryLimits.characters),
  range: z.string().max(20).default(''),
  from: z.string().max(40).default(''),
  to: z.string().max(40).default(''),
});

/**
 * `POST /query/run`: runs a query in the time range of its page and tells how it goes, a line of JSON each (`QueryProgress`), the last with the result.
 * Who hangs up leaves the queue, and stops the query where it can be stopped.
 */
export async function action(args: ActionFunctionArgs): Promise<Response> {
  const viewer = requirePermission(args, 'query.run');
  const { analyst, now } = args.context;
  const form = asked.safeParse(Object.fromEntries(await args.request.formData()));
  if (!form.success) {
    const message = form.error.issues.some(({ path }) => path[0] === 'sql')
      ? `A query has at most ${queryLimits.characters} characters.`
      : 'The time range of this page cannot be read. Choose it again.';
    return lines((tell) => tell({ state: 'refused', message }));
  }
  const { sql, ...range } = form.data;
  const { from, to } = readTimeRange(new URLSearchParams(range), now());
  const { signal } = args.request;
  return lines((tell) => analyst.ask({ sql, person: viewer.id, window: { from, to }, signal }, tell));
}

function lines(write: (tell: (progress: QueryProgress) => void) => void | Promise<void>): Response {
  const encoder = new TextEncoder();
  let gone = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      await write((progress) => {
        if (!gone) controller.enqueue(encoder.encode(`${JSON.stringify(progress)}\n`));
      });
      if (!gone) controller.close();
    },
    cancel() {
      gone = true;
    },
  });
  return new Response(body, {
    // Untransformed, since compression would hold the first lines back.
    headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store, no-transform' },
  });
}
