import { z } from 'zod';

/** A tab says that it is there this often, in milliseconds, while it can be seen. */
export const beatMs = 15_000;
/** A tab that has said nothing for so long is gone: three beats. */
export const goneAfterMs = 45_000;

/** What a tab says of itself; `tab` is its own name, since one person may have several open. */
export const beat = z.object({
  tab: z.string().regex(/^[a-z0-9]{8,32}$/),
  doing: z.enum(['looking', 'editing', 'left']),
});

export type Doing = z.infer<typeof beat>['doing'];

/** One colleague at a case. */
export interface Present {
  email: string;
  editing: boolean;
}

/** "ana@example.com, editing" */
export const presentWords = ({ email, editing }: Present): string => (editing ? `${email}, editing` : email);
