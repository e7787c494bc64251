import { describe, expect, it } from 'vitest';
import { type Incident, type IncidentChange, MOST_LINKS } from '#contracts/v1/incident.ts';
import { Refusal } from '../refusal.ts';
import { applyIncidentChange, demandKnown } from './incident-change.ts';

const now = new Date('2026-11-27T15:00:00.000Z');
const open: Incident = {
  incident_id: 'INC-7',
  revision: 3,
  title: 'NetSuite refuses invoices',
  severity: 'major',
  affected: { systems: ['erp'], channels: [], flows: ['order_to_cash'] },
  state: 'open',
  since: '2026-11-27T13:30:00.000Z',
  raised_at: '2026-11-27T14:00:00.000Z',
  raised_by: 'olga@example.com',
  lead: 'olga@example.com',
  links: [{ kind: 'cause', fingerprint: 'abcdef0123456789' }],
  updated_at: '2026-11-27T14:10:00.000Z',
  updated_by: 'olga@example.com',
};
const euros = (amount: string) => ({ amount, currency: 'EUR' });
const figures = {
  counted_at: now.toISOString(),
  cases: 12,
  open_cases: 2,
  orders: 11,
  value: euros('1200.50'),
  at_risk: euros('99.00'),
};
const account = {
  happened: 'A certificate expired.',
  seen: 'No invoices.',
  done: 'It was renewed.',
  follows: 'A warning.',
};

const after = (change: IncidentChange, current = open) =>
  applyIncidentChange(current, { change, by: 'ana@example.com', now });
const refusal = (change: IncidentChange, current = open): Refusal => {
  try {
    after(change, current);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a change of an incident', () => {
  it('is one entry with who and when, and the next revision', () => {
    const { state, entry } = after({ kind: 'update', text: 'The vendor has been called.' });
    expect(state).toEqual({ ...open, revision: 4, updated_by: 'ana@example.com', updated_at: now.toISOString() });
    expect(entry).toEqual({ type: 'updated', text: 'The vendor has been called.' });
  });

  it('links a thing once and takes it away again', () => {
    const link = { kind: 'connector', connector_id: 'erp' } as const;
    const linked = after({ kind: 'link', link });
    expect(linked.state.links).toEqual([...open.links, link]);
    expect(linked.entry).toMatchObject({ type: 'linked', link });
    expect(refusal({ kind: 'link', link }, linked.state).message).toContain('already');
    const unlinked = after({ kind: 'unlink', link }, linked.state);
    expect(unlinked.state.links).toEqual(open.links);
    expect(refusal({ kind: 'unlink', link }, unlinked.state).message).toContain('not linked');
  });

  it('has a limited number of links', () => {
    const links = Array.from({ length: MOST_LINKS }, (_, n) => ({ kind: 'case' as const, case_id: `case-${n}` }));
    const link = { kind: 'case', case_id: 'one-more' } as const;
    expect(refusal({ kind: 'link', link }, { ...open, links }).message).toContain(`${MOST_LINKS} links`);
  });

  it('says what severity and lead were before', () => {
    expect(after({ kind: 'severity', severity: 'critical', text: 'Shops stand.' }).entry).toEqual({
      type: 'severity_changed',
      text: 'Shops stand.',
      from: 'major',
      to: 'critical',
    });
    expect(after({ kind: 'lead', lead: '' })).toMatchObject({
      state: { lead: '' },
      entry: { from: open.lead, to: '' },
    });
    expect(refusal({ kind: 'severity', severity: 'major', text: 'So it is.' }).code).toBe('refused');
    expect(refusal({ kind: 'lead', lead: open.lead }).code).toBe('refused');
  });

  it('says on the timeline what was put right, and refuses a beginning that has not come', () => {
    const { title, affected, since } = open;
    const change = { kind: 'correct', title: 'The ERP is away', affected, since } as const;
    expect(after(change)).toMatchObject({
      state: { title: 'The ERP is away' },
      entry: { text: 'It was called “NetSuite refuses invoices”.' },
    });
    expect(refusal({ ...change, title }).message).toContain('says this already');
    expect(refusal({ ...change, since: '2026-11-27T15:00:00.001Z' }).code).toBe('invalid');
  });
});

describe('the end of an incident', () => {
  const end = { kind: 'end', account, figures } as const;

  it('keeps the account, the figures as they were counted, and how long it lasted since it began', () => {
    const { state, entry } = after(end);
    expect(state).toMatchObject({ state: 'ended', ending: { ...account, figures, duration_s: 5_400 } });
    expect(state.ending).toMatchObject({ ended_at: now.toISOString(), written_by: 'ana@example.com' });
    expect(entry).toEqual({ type: 'ended', text: account.happened });
  });

  it('may have been a while ago, but neither before the beginning nor in time to come', () => {
    expect(after({ ...end, ended_at: '2026-11-27T13:31:00.000Z' }).state.ending).toMatchObject({ duration_s: 60 });
    expect(refusal({ ...end, ended_at: '2026-11-27T13:29:59.999Z' }).message).toContain('before it began');
    expect(refusal({ ...end, ended_at: '2026-11-27T15:00:00.001Z' }).message).toContain('has not come');
  });

  it('leaves only updates and opening it again', () => {
    const ended = after(end).state;
    expect(refusal(end, ended).message).toContain('has ended');
    expect(refusal({ kind: 'lead', lead: 'sam@example.com' }, ended).message).toContain('Reopen it first');
    expect(after({ kind: 'update', text: 'The report is out.' }, ended).state.state).toBe('ended');
    const again = after({ kind: 'reopen', text: 'It came back.' }, ended);
    expect(again).toMatchObject({
      state: { state: 'open', revision: 5 },
      entry: { type: 'reopened', text: 'It came back.' },
    });
    expect(again.state).not.toHaveProperty('ending');
    expect(refusal({ kind: 'reopen', text: 'Again.' }).message).toContain('is open');
  });
});

it('names only what the estate has', () => {
  const estate = { systems: [{ id: 'erp' }], channels: [{ id: 'web' }] } as unknown as Parameters<
    typeof demandKnown
  >[1];
  expect(() => demandKnown({ affected: open.affected, links: open.links }, estate)).not.toThrow();
  const strange = { systems: [], channels: ['moon'], flows: [] };
  expect(() => demandKnown({ affected: strange }, estate)).toThrow('no channel moon');
  expect(() => demandKnown({ links: [{ kind: 'connector', connector_id: 'abacus' }] }, estate)).toThrow(
    'no system abacus',
  );
});
