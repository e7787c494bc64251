import { z } from 'zod';
import type { System } from '#contracts/v1/estate.ts';
import type { MessageContext } from '../topics.ts';
import { partner as partnerSchema, type Partner } from '../../edi/partner.ts';

/** What is asked of the transport: a set, and what was released with it. */
export const outgoingBody = z.object({
  id: z.string(),
  segments: z.array(
    z.array(z.union([z.string(), z.array(z.string().nullable()), z.null()])).refine(([id]) => typeof id === 'string'),
  ),
  released: z
    .object({
      orderKey: z.string(),
      location: z.string(),
      lines: z.array(z.object({ line_id: z.string(), sku: z.string(), quantity: z.int() })),
    })
    .optional(),
});

/** What the transport answers. The numbers of an answer are read exactly, as text. */
export const placed = z.object({ control_number: z.coerce.number().int().positive(), file: z.string() });

/** What is told of a file that could not be taken. */
export const untaken = z.object({ file: z.string(), reason: z.string() });

/** @throws Error where the profile is absent or wrong; the start stops with it. */
export function partnerOf(system: System, receives: readonly string[]): Partner {
  const parsed = partnerSchema.safeParse({ id: system.id, receives: [...receives], ...system.partner });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`partner of system "${system.id}": ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

/** Reads the profile of the system that a message came from. */
export type ProfileOf = (context: Pick<MessageContext, 'estate' | 'system'>) => Partner;

/** @param receives sets that such a system may send unless its profile says otherwise. */
export const profileReader =
  (receives: readonly string[]): ProfileOf =>
  ({ estate, system }) => {
    const found = estate.systems.find(({ id }) => id === system);
    if (found === undefined) throw new Error(`the estate no longer declares the system "${system}"`);
    return partnerOf(found, receives);
  };
