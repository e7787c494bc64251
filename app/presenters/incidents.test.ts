import { expect, it } from 'vitest';
import type { Incident } from '#contracts/v1/incident.ts';
import { incidentSpans } from './incidents.ts';

const incident = (id: string, since: string, ended_at?: string) =>
  ({ incident_id: id, severity: 'major', since, ...(ended_at && { ending: { ended_at } }) }) as Incident;
const hour = (n: number) => `2026-11-27T${String(n).padStart(2, '0')}:00:00.000Z`;

it('marks on a chart the incidents that were open within its window', () => {
  const window = { from: hour(10), to: hour(12) };
  const all = [
    incident('INC-1', hour(8), hour(10)),
    incident('INC-2', hour(8), hour(11)),
    incident('INC-3', hour(11)),
    incident('INC-4', hour(12)),
  ];
  expect(incidentSpans(all, window)).toEqual([
    { name: 'INC-2', from: hour(8), to: hour(11), colour: 'warn' },
    { name: 'INC-3', from: hour(11), to: hour(12), colour: 'warn' },
  ]);
});
