import { redirect } from '@remix-run/node';
import { z } from 'zod';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { type ShadowChange, shadowChange } from '#contracts/v1/shadow.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { shadowPath } from '#app/rules/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';
import { actorOf, readOperations, text } from './rule.ts';

/** What became of an action on a trial, to be said beside it. */
export interface ShadowResult {
  ok: boolean;
  message: string;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate'>;
  viewer: Viewer;
  form: FormData;
}

/** Begins a trial and leads to it. */
export async function startShadow({ context, viewer, form }: Asked): Promise<ShadowResult> {
  const change = readChange(form);
  if ('problem' in change) return { ok: false, message: change.problem };
  const payloads = z.coerce.number().int().min(1).max(2_000).catch(200).parse(text(form, 'payloads'));
  const reply = await context.command('shadow.run', { actor: actorOf(viewer), change, payloads });
  if (reply.ok && reply.shadow !== undefined) throw redirect(shadowPath(reply.shadow.shadow_id));
  return { ok: false, message: messageOf(reply, context.estate) };
}

export async function abortShadow({ context, viewer }: Omit<Asked, 'form'>, id: string): Promise<ShadowResult> {
  const reply = await context.command('shadow.abort', { actor: actorOf(viewer), shadow_id: id });
  return { ok: reply.ok, message: messageOf(reply, context.estate) };
}

function readChange(form: FormData): ShadowChange | { problem: string } {
  switch (text(form, 'kind')) {
    case 'mapping': {
      const kind = mappingKind.safeParse(text(form, 'mapping_kind')).data;
      const [system, code, target] = [text(form, 'system'), text(form, 'code'), text(form, 'target')];
      if (kind === undefined || system === '' || code === '' || target === '')
        return { problem: 'Say which code of which system becomes what.' };
      return checked({ kind: 'repair', repair: { kind: 'mapping', mapping: { kind, system, code, target } } });
    }
    case 'patch': {
      const operations = readOperations(form);
      if (operations === undefined)
        return { problem: 'Say what is changed: a place in the payload and its new value.' };
      return checked({ kind: 'repair', repair: { kind: 'patch', operations } });
    }
    default: {
      const yaml = text(form, 'yaml');
      return yaml === '' ? { problem: 'Paste the estate file, or choose it.' } : checked({ kind: 'estate', yaml });
    }
  }
}

function checked(change: unknown): ShadowChange | { problem: string } {
  const parsed = shadowChange.safeParse(change);
  return parsed.success ? parsed.data : { problem: parsed.error.issues.map(({ message }) => message).join(' ') };
}
