import { describe, expect, it } from 'vitest';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { TraceEvent } from '#app/waterfall/bars.ts';
import { ratesOn } from '#platform/rates.ts';
import { presentDryRun } from '#app/presenters/dry-run.ts';
import { readCaseFilter } from './filters.ts';
import { replayProgress } from './progress.ts';
import { tellStory, whoWasFirst } from './story.ts';

const entry = (type: CaseEvent['type'], more: Partial<CaseEvent> = {}) =>
  ({
    event_id: `c:${type}`,
    type,
    at: '2026-03-01T09:00:00.000Z',
    actor: 'sam@shop.example',
    note: '',
    detail: {},
    ...more,
  }) as CaseEvent;

describe('a case’s history', () => {
  it('reads as sentences', () => {
    const story = tellStory([
      entry('opened', { actor: 'syncline', note: 'The tax "TX-9" has no tax code.' }),
      entry('assigned', { detail: { assignee: 'kim@shop.example' } }),
      entry('assigned', { detail: { assignee: '' } }),
      entry('fixed', { detail: { payload_version: '2' } }),
      entry('mapping_added', { detail: { kind: 'tax_code', code: 'TX-9', target: '42', system: 'netsuite' } }),
      entry('replay_requested', { detail: { override_stale: 'true' } }),
      entry('approval_requested', { detail: { run: 'r1' } }),
      entry('done_outside', { detail: { document_number: 'SO-1' } }),
      entry('tagged', { detail: { added: 'vat vendor-asked', removed: 'new' } }),
      entry('resolved', { actor: 'syncline' }),
    ]);
    expect(story.map(({ who, did }) => `${who} ${did}`.trim())).toEqual([
      'The case was opened',
      'sam@shop.example assigned it to kim@shop.example',
      'sam@shop.example gave it back',
      'sam@shop.example corrected the payload (version 2)',
      'sam@shop.example added a mapping: tax code TX-9 is 42 at netsuite',
      'sam@shop.example asked for a replay although the channel has a newer version',
      'sam@shop.example asked a second person to approve the replay with a repair of many',
      'sam@shop.example said it is done outside: SO-1',
      'sam@shop.example tagged it vat, vendor-asked and took off the tag new',
      'The order went on',
    ]);
  });
  it('says who was first to somebody who came second', () => {
    expect(whoWasFirst(entry('replay_requested'))).toBe('sam@shop.example asked for a replay');
    expect(whoWasFirst(entry('resolved', { actor: 'syncline' }))).toBe('The order went on');
  });
});

describe('the progress of a replay', () => {
  const at = (s: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, s)).toISOString();
  const step = (ordinal: number, name: string, status: TraceEvent['status']): TraceEvent => ({
    event_id: `k:${ordinal}`,
    ordinal,
    span_id: `s${ordinal}`,
    parent_span_id: '',
    step: name,
    status,
    attempt: 1,
    started_at: at(ordinal),
    ended_at: status === 'started' ? '' : at(ordinal),
    system: '',
    error_class: '',
    error_code: '',
    error_path: '',
    error_message: status === 'quarantined' ? 'still wrong' : '',
    case_id: 'c1',
    payload_version: 1,
    attributes: {},
  });
  const of = (status: CaseState['status']) => ({ status, step: 'validate', case_id: 'c1' });
  const first = [step(1, 'intake_received', 'completed'), step(2, 'validate', 'quarantined')];

  it('is nothing before a replay', () => {
    expect(replayProgress(first, of('open'))).toBeUndefined();
  });
  it('is not done when it was sent: it waits for the order to get past the step', () => {
    const running = replayProgress([...first, step(3, 'validate', 'replayed')], of('replaying'));
    expect(running).toMatchObject({ replay: 1, outcome: 'running', steps: [] });
  });
  it('shows what the flow did since, and its real outcome', () => {
    const events = [
      ...first,
      step(3, 'validate', 'replayed'),
      step(4, 'validate', 'completed'),
      step(5, 'erp_create_sales_order', 'started'),
    ];
    const done = replayProgress(events, of('resolved'));
    expect(done?.outcome).toBe('resolved');
    expect(done?.steps.map(({ label, running }) => [label, running])).toEqual([
      ['Checked', false],
      ['Sales order created', true],
    ]);
    const again = replayProgress(
      [...first, step(3, 'validate', 'replayed'), step(4, 'validate', 'quarantined')],
      of('open'),
    );
    expect(again).toMatchObject({ outcome: 'failed_again', steps: [{ message: 'still wrong' }] });
  });
});

describe('a dry run as it is shown', () => {
  it('has words for every outcome and no personal data', () => {
    const shown = presentDryRun(
      {
        ok: true,
        steps: [
          { step: 'erp_create_sales_order', outcome: 'would_call', note: 'PUT to netsuite, for kim@example.com' },
        ],
        calls: [
          {
            step: 'erp_create_sales_order',
            system: 'netsuite',
            method: 'PUT',
            path: '/x',
            body: '{"email":"kim@example.com"}',
            sent_before: '{}',
          },
        ],
        problems: [],
        canonical: { customer: { name: 'Kim' }, number: '#1' },
      },
      { systems: {}, channels: {}, entities: {}, locations: {} },
    );
    expect(shown.steps[0]).toEqual({
      step: 'Sales order created',
      word: 'would be sent',
      condition: 'info',
      note: 'PUT to netsuite, for ‹hidden›',
    });
    expect(JSON.stringify(shown)).not.toMatch(/kim@|Kim/);
    expect(shown.calls[0]?.sentBefore).toBe('{}');
  });
});

describe('the filters of the inbox', () => {
  const estate = { systems: [{ id: 'netsuite' }] } as unknown as Estate;
  const rates = ratesOn('2026-03-01', { reporting_currency: 'USD', rates: { USD: '1', EUR: '1.08' } }, []);
  const causes = { muted: ['aaaaaaaa'], held: ['bbbbbbbb'] };
  const read = (text: string) => readCaseFilter(new URLSearchParams(text), estate, rates, 'me@shop.example', causes);
  it('show what is open unless asked otherwise', () => {
    expect(read('')).toMatchObject({
      state: 'open',
      statuses: [],
      assignee: '',
      fingerprint: '',
      currencies: ['USD', 'EUR'],
      rates: ['1', '1.08'],
      muted: 'hide',
      muted_causes: ['aaaaaaaa'],
      on_hold: '',
      held_causes: ['bbbbbbbb'],
    });
    expect(read('state=closed&status=resolved&assignee=mine').assignee).toBe('me@shop.example');
  });
  it('leave out muted causes unless these or one cause are asked for', () => {
    expect(read('muted=show').muted).toBe('show');
    expect(read('muted=only&held=only')).toMatchObject({ muted: 'only', on_hold: 'only' });
    expect(read('group=aaaaaaaa').muted).toBe('show');
    expect(read('group=aaaaaaaa&muted=hide').muted).toBe('hide');
    expect(read('muted=never&held=maybe')).toMatchObject({ muted: 'hide', on_hold: '' });
  });
  it('leave out what makes no sense', () => {
    expect(read("state=x&status=nope&system=other&step=a'b&group=%27&class=mapping")).toMatchObject({
      state: 'open',
      statuses: [],
      systems: [],
      steps: [],
      fingerprint: '',
      classes: ['mapping'],
    });
  });
});
