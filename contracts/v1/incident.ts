import { z } from 'zod';
import { fingerprint } from './cause.ts';
import { transactionKeyForm } from './key.ts';
import type { Permission } from './permissions.ts';
import { instant, money, slug } from './primitives.ts';
import { errorClass, flow } from './step-event.ts';

/** INC-1, INC-2, …: short enough to be said on the telephone. */
export const incidentId = z.string().regex(/^INC-[1-9]\d{0,6}$/, 'expected the id of an incident, such as INC-12');

/** From little to much: one thing is slow or wrong; a part of trading stands; orders are lost or nothing is sold. */
export const incidentSeverity = z.enum(['minor', 'major', 'critical']);
export type IncidentSeverity = z.infer<typeof incidentSeverity>;

/** What hangs together with an incident. A new kind is added here, and in app/incidents/links.ts how it is shown. */
export const incidentLink = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cause'), fingerprint }),
  z.object({ kind: z.literal('case'), case_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) }),
  z.object({ kind: z.literal('connector'), connector_id: slug }),
  z.object({ kind: z.literal('transaction'), flow, key: z.string().regex(transactionKeyForm) }),
  z.object({ kind: z.literal('runbook'), error_class: errorClass }),
]);
export type IncidentLink = z.infer<typeof incidentLink>;

/** Links of one incident; whoever needs more links the cause they share. */
export const MOST_LINKS = 100;

/** One text for each link, by which two are the same. */
export function linkKey(link: IncidentLink): string {
  switch (link.kind) {
    case 'cause':
      return `cause:${link.fingerprint}`;
    case 'case':
      return `case:${link.case_id}`;
    case 'connector':
      return `connector:${link.connector_id}`;
    case 'transaction':
      return `transaction:${link.flow}/${link.key}`;
    case 'runbook':
      return `runbook:${link.error_class}`;
  }
}

/** What an incident touches, by ids of the estate; all empty where nobody knows yet. */
export const incidentAffected = z.object({
  systems: z.array(slug).max(50).default([]),
  channels: z.array(slug).max(50).default([]),
  flows: z.array(flow).max(20).default([]),
});

/** How much hung on an incident, as counted when it was ended. What each figure is: `incident…` in app/figures.ts. */
export const incidentFigures = z.object({
  counted_at: instant,
  cases: z.int().nonnegative(),
  open_cases: z.int().nonnegative(),
  orders: z.int().nonnegative(),
  value: money,
  at_risk: money,
});
export type IncidentFigures = z.infer<typeof incidentFigures>;

const account = z.string().trim().min(1).max(4000);

/** The written end: nobody ends an incident without it. */
export const incidentAccount = z.object({
  /** What happened, and why. */
  happened: account,
  /** What customers and stores saw of it. */
  seen: account,
  /** What was done. */
  done: account,
  /** What follows, so that it does not come again; who does it. */
  follows: account,
});

const by = z.string().min(1).max(200);
const title = z.string().trim().min(1).max(140);

/** An incident as it stands. Its timeline is the events of its subject. */
export const incident = z.object({
  incident_id: incidentId,
  /** Of the form it was raised by, by which one that is sent twice is known again. */
  raise_id: z.uuid().optional(),
  /** Grows by one with each entry of the timeline; a command names the one it was decided on. */
  revision: z.int().positive(),
  title,
  severity: incidentSeverity,
  affected: incidentAffected,
  state: z.enum(['open', 'ended']),
  /** When it began, which may be before anybody noticed. */
  since: instant,
  raised_at: instant,
  raised_by: by,
  /** E-mail of the person who leads; empty where nobody does yet. */
  lead: z.string().max(200),
  links: z.array(incidentLink).max(MOST_LINKS),
  /** Present once it has ended. */
  ending: incidentAccount
    .extend({
      ended_at: instant,
      written_by: by,
      written_at: instant,
      duration_s: z.int().nonnegative(),
      figures: incidentFigures,
    })
    .optional(),
  updated_at: instant,
  updated_by: by,
});
export type Incident = z.infer<typeof incident>;

export const incidentEntryType = z.enum([
  'raised',
  'updated',
  'linked',
  'unlinked',
  'severity_changed',
  'lead_changed',
  /** Its title, what it affects, or when it began. */
  'corrected',
  'ended',
  'reopened',
]);
export type IncidentEntryType = z.infer<typeof incidentEntryType>;

/** One entry of the timeline, on `incidents.<id>` of stream INCIDENTS; the last carries the incident as it stands. */
export const incidentEvent = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  type: incidentEntryType,
  at: instant,
  by,
  text: z.string().max(4000),
  /** Of linked and unlinked. */
  link: incidentLink.optional(),
  /** What was before and what is now, of severity and lead. */
  from: z.string().max(200).optional(),
  to: z.string().max(200).optional(),
  /** Tells this writer's entry from one that another wrote under the same number. */
  writer: z.string().min(1).max(100),
  state: incident,
});
export type IncidentEvent = z.infer<typeof incidentEvent>;

const text = z.string().trim().max(4000);

/** What somebody wants to be so from now on. */
export const incidentChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('update'), text: text.min(1) }),
  z.object({ kind: z.literal('link'), link: incidentLink }),
  z.object({ kind: z.literal('unlink'), link: incidentLink }),
  z.object({ kind: z.literal('severity'), severity: incidentSeverity, text: text.min(1) }),
  z.object({ kind: z.literal('lead'), lead: z.string().max(200) }),
  z.object({ kind: z.literal('correct'), title, affected: incidentAffected, since: instant }),
  z.object({
    kind: z.literal('end'),
    account: incidentAccount,
    /** Since when it is over; now where it is left out. */
    ended_at: instant.optional(),
    figures: incidentFigures,
  }),
  z.object({ kind: z.literal('reopen'), text: text.min(1) }),
]);
export type IncidentChange = z.infer<typeof incidentChange>;
export const incidentChangeKind = z.enum(['update', 'link', 'unlink', 'severity', 'lead', 'correct', 'end', 'reopen']);
export type IncidentChangeKind = z.infer<typeof incidentChangeKind>;

/** Whoever may raise an incident says also what it is and who leads; whoever hears of it may add to it. */
export const incidentPermission: Record<IncidentChangeKind, Permission> = {
  update: 'incidents.update',
  link: 'incidents.update',
  unlink: 'incidents.update',
  severity: 'incidents.raise',
  lead: 'incidents.raise',
  correct: 'incidents.raise',
  end: 'incidents.end',
  reopen: 'incidents.end',
};

export const incidentRaise = {
  /** Made with the form: however often it is sent, one incident is raised. Without it each request raises one. */
  raise_id: z.uuid().optional(),
  title,
  severity: incidentSeverity,
  affected: incidentAffected,
  /** When it began; now where it is left out. */
  since: instant.optional(),
  lead: z.string().max(200).default(''),
  text,
  links: z.array(incidentLink).max(MOST_LINKS).default([]),
};
