import { redirect } from '@remix-run/node';
import { z } from 'zod';
import {
  incidentAccount,
  type IncidentChange,
  incidentChange,
  incidentChangeKind,
  type IncidentChangeKind,
  incidentRaise,
} from '#contracts/v1/incident.ts';
import { may } from '#contracts/v1/permissions.ts';
import { instant } from '#contracts/v1/primitives.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { linkOfKey } from '#app/incidents/links.ts';
import { incidentPath } from '#app/incidents/paths.ts';
import { findLink } from '#app/presenters/find-link.ts';
import { readIncidentFigures } from '#app/presenters/incident-figures.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';
import { actorOf, text } from './rule.ts';

/** What became of an action on an incident, to be said beside it. */
export interface IncidentResult {
  ok: boolean;
  intent: string;
  message: string;
  /** Somebody else changed the incident first; what was written is still the writer's to send. */
  second: boolean;
}

interface Asked {
  context: AppContext;
  viewer: Viewer;
  form: FormData;
}

const refuse = (intent: string, message: string): IncidentResult => ({ ok: false, intent, message, second: false });

export const isIncidentIntent = (value: unknown): value is IncidentChangeKind =>
  incidentChangeKind.safeParse(value).success;

const texts = (form: FormData, name: string) =>
  form.getAll(name).filter((one): one is string => typeof one === 'string' && one !== '');

/** What is said of an incident in both forms. */
const described = (form: FormData) => ({
  title: text(form, 'title'),
  affected: { systems: texts(form, 'system'), channels: texts(form, 'channel'), flows: texts(form, 'flow') },
  ...(text(form, 'since') !== '' && { since: text(form, 'since') }),
});

/** Raises an incident and leads to its page. */
export async function raiseIncident({ context, viewer, form }: Asked): Promise<IncidentResult> {
  const intent = 'raise';
  const lead = text(form, 'lead').toLowerCase();
  const parsed = z
    .object(incidentRaise)
    .required({ raise_id: true })
    .safeParse({
      raise_id: text(form, 'raise_id'),
      ...described(form),
      severity: text(form, 'severity'),
      lead,
      text: text(form, 'text'),
      links: texts(form, 'link').flatMap((key) => linkOfKey(key) ?? []),
    });
  if (!parsed.success) return refuse(intent, wrongIn(parsed.error));
  const stranger = await strangerAsLead(context, viewer, lead);
  if (stranger !== undefined) return refuse(intent, stranger);
  const reply = await context.command('incident.raise', { actor: actorOf(viewer), ...parsed.data });
  if (!reply.ok || reply.incident === undefined) return refuse(intent, messageOf(reply, context.estate));
  context.incidents.learn(reply.incident);
  throw redirect(incidentPath(reply.incident.incident_id));
}

/** Changes an incident as the form asks, on behalf of the viewer, whose permission has been checked. */
export async function changeIncident(
  { context, viewer, form }: Asked,
  id: string,
  intent: IncidentChangeKind,
): Promise<IncidentResult> {
  const revision = z.coerce.number().int().positive().safeParse(form.get('revision'));
  if (!revision.success) return refuse(intent, 'The form was not understood. Reload the page and try again.');
  const asked = await changeOf({ context, viewer, form }, id, intent);
  if (typeof asked === 'string') return refuse(intent, asked);
  const parsed = incidentChange.safeParse(asked);
  if (!parsed.success) return refuse(intent, wrongIn(parsed.error));
  const request = { actor: actorOf(viewer), incident_id: id, revision: revision.data, change: parsed.data };
  const reply = await context.command('incident.change', request);
  // The page that loads next must show what was decided, whichever comes first: the answer or the stream.
  if (reply.ok && reply.incident !== undefined) context.incidents.learn(reply.incident);
  const second = !reply.ok && reply.error.code === 'conflict';
  return { ok: reply.ok, intent, message: messageOf(reply, context.estate), second };
}

/** @returns what to ask the engine for, or what is wrong */
async function changeOf(asked: Asked, id: string, kind: IncidentChangeKind): Promise<unknown> {
  const { context, viewer, form } = asked;
  switch (kind) {
    case 'update':
    case 'reopen':
      return { kind, text: text(form, 'text') };
    case 'link': {
      const found = await findLink(context, viewer, text(form, 'what'));
      return 'problem' in found ? found.problem : { kind, link: found.link };
    }
    case 'unlink':
      return { kind, link: linkOfKey(text(form, 'link')) };
    case 'severity':
      return { kind, severity: text(form, 'severity'), text: text(form, 'text') };
    case 'lead': {
      const lead = text(form, 'lead').toLowerCase();
      return (await strangerAsLead(context, viewer, lead)) ?? { kind, lead };
    }
    case 'correct':
      return { kind, ...described(form) };
    case 'end':
      return endOf(asked, id);
  }
}

/** The end as it was written, with the figures as they are at this moment, over what is linked at this moment. */
async function endOf({ context, form }: Asked, id: string): Promise<IncidentChange | string> {
  const incident = await context.incidents.read(id);
  if (incident === undefined) return `There is no incident ${id}.`;
  const account = incidentAccount.safeParse({
    happened: text(form, 'happened'),
    seen: text(form, 'seen'),
    done: text(form, 'done'),
    follows: text(form, 'follows'),
  });
  if (!account.success) return wrongIn(account.error);
  const over = text(form, 'ended_at');
  const ended_at = over === '' ? undefined : instant.safeParse(over).data;
  if (over !== '' && ended_at === undefined) return 'Say since when it is over as a date and a time.';
  try {
    const figures = await readIncidentFigures(context, incident, new Date(ended_at ?? context.now()));
    return { kind: 'end', account: account.data, figures, ...(ended_at !== undefined && { ended_at }) };
  } catch (error) {
    context.log.error({ err: error, incident: id }, 'the figures of an incident could not be counted');
    return 'The figures cannot be counted just now, and an incident ends with them. Try again in a moment.';
  }
}

const wrong: Record<string, string> = {
  title: 'Give it a title of at most 140 characters: what is wrong, and with what.',
  severity: 'Choose how severe it is.',
  since: 'Say when it began as a date and a time.',
  text: 'Write what is to be said, at most 4,000 characters.',
  link: 'Say what is to be linked. Reload the page and try again.',
  happened: 'Write what happened and why.',
  seen: 'Write what customers and stores saw of it.',
  done: 'Write what was done.',
  follows: 'Write what follows, so that it does not come again.',
};

function wrongIn(error: z.ZodError): string {
  const field = String(error.issues[0]?.path.at(0) ?? '');
  return wrong[field] ?? 'The form was not understood. Reload the page and try again.';
}

/** Why somebody cannot lead: an incident that nobody sees to must not look as if somebody did. */
async function strangerAsLead(
  { users }: Pick<AppContext, 'users'>,
  viewer: Viewer,
  lead: string,
): Promise<string | undefined> {
  if (lead === '' || lead === viewer.email) return undefined;
  const person = await users.byEmail(lead);
  if (person === undefined || person.disabled) return `Nobody signs in as ${lead}. Check the address.`;
  return may(person.roles, 'incidents.update') ? undefined : `${person.name} may not work on incidents.`;
}
