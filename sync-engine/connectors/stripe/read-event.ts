import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { readJson } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';
import type { StripeEvent } from './event.ts';

/** Reads an event of one shape, and what it means where it is this account's. */
export const readEvent =
  <Event extends StripeEvent, Message>(schema: z.ZodType<Event>, messageOf: (event: Event) => Message) =>
  (body: Uint8Array, context: MessageContext): Reading<Message> => {
    const parsed = readJson(schema, body);
    if ('problems' in parsed) return parsed;
    const foreign = foreignProblem(parsed.message, context);
    return foreign === undefined ? { message: messageOf(parsed.message) } : { problems: [foreign] };
  };

export const instantOf = (seconds: string): string => new Date(Number(seconds) * 1000).toISOString();

/** Money of the test mode is none, and another account's is not ours: nothing of it is held against our orders. */
function foreignProblem(
  { livemode, account }: StripeEvent,
  { estate, system }: MessageContext,
): CaseProblem | undefined {
  const settings = estate.systems.find(({ id }) => id === system)?.settings ?? {};
  const problem = (error_code: string, path: string, message: string): CaseProblem => ({
    ...{ error_class: 'reference', error_code, path, document: 'received', message },
  });
  if (livemode !== (settings['livemode'] !== 'false'))
    return problem(
      'wrong_mode',
      '/livemode',
      `The event is of Stripe's ${livemode ? 'live' : 'test'} mode, and ${system} is not (setting "livemode"). Correct the endpoint in Stripe, and discard this case.`,
    );
  const own = settings['account'];
  if (own === undefined || account == null || account === own) return undefined;
  return problem(
    'wrong_account',
    '/account',
    `The event is of the account ${account}, and ${system} is ${own}. Correct the endpoint in Stripe, and discard this case.`,
  );
}
