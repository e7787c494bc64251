import type { Condition } from '#app/components/status-mark.tsx';
import type { Incident, IncidentEntryType, IncidentSeverity } from '#contracts/v1/incident.ts';

const severities: Record<IncidentSeverity, { condition: Condition; word: string; means: string }> = {
  minor: { condition: 'info', word: 'minor', means: 'one thing is slow or wrong; trading goes on' },
  major: { condition: 'warn', word: 'major', means: 'a part of trading stands or is late' },
  critical: { condition: 'bad', word: 'critical', means: 'nothing is sold, or orders and money are lost' },
};

/** A severity by shape and word, and when to choose it. */
export const severityWords = (severity: IncidentSeverity) => severities[severity];

/** Where an incident stands: its severity while it is open, and that it has ended. */
export const incidentState = ({ state, severity }: Pick<Incident, 'state' | 'severity'>) =>
  state === 'ended' ? ({ condition: 'good', word: 'ended' } as const) : severities[severity];

const entries: Record<IncidentEntryType, string> = {
  raised: 'raised it',
  updated: 'wrote an update',
  linked: 'linked',
  unlinked: 'took away the link to',
  severity_changed: 'changed the severity',
  lead_changed: 'changed the lead',
  corrected: 'corrected it',
  ended: 'ended it',
  reopened: 'reopened it',
};

/** What somebody did, behind their name. */
export const entryWords = (type: IncidentEntryType): string => entries[type];
