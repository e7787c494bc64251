import { isUtf8 } from 'node:buffer';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { withoutEmails } from '#contracts/v1/personal-data.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { notJson } from './not-json.ts';

/** Names ingest adds to a row; an event that brings its own is refused. */
const reserved = ['stream_seq', 'shard', 'landed_at', 'at_month'] as const;

const earliest = Date.UTC(2000, 0, 1);
const dayMs = 86_400_000;

export interface Arrival {
  subject: string;
  data: Uint8Array;
  /** When the stream took it, in ms: the clock of every verdict, so that reading it again decides the same. */
  arrivedMs: number;
}

/** What ingest itself needs of an event. */
export interface Accepted {
  ok: true;
  /** The event's own time: its end, its start while it runs, or a case event's `at`. */
  at: string;
  key: string;
  flow: string;
}
export interface Refused {
  ok: false;
  reason: string;
  /** JSON Pointer of the offending field, empty for the whole event. */
  path: string;
}
export type Validate = (arrival: Arrival) => Accepted | Refused;

const refuse = (path: string, reason: string): Refused => ({ ok: false, path, reason });

/** Times and identity of an event, of either kind; the schema has vouched for the types. */
interface Fields {
  started_at?: string;
  ended_at?: string;
  occurred_at?: string;
  deadline?: string;
  at?: string;
  action?: string;
  updated_at?: string;
  run_id?: string;
  break_id?: string;
  case_id?: string;
  webhook_id?: string;
  ordinal?: number;
  key?: string;
  flow?: string;
  state?: { case_id?: string; key?: string; flow?: string };
}

/** Compiles the contract once (about a tenth of what zod takes an event) and adds what a schema cannot say. */
export function compileValidator(schema: z.ZodType): Validate {
  const check = new Ajv2020({ strict: false, validateFormats: false }).compile<Fields>({
    ...z.toJSONSchema(schema, { io: 'input' }),
    ...{ not: { anyOf: reserved.map((name) => ({ required: [name] })) } },
  });
  return (arrival) => {
    if (!isUtf8(arrival.data)) return refuse('', 'is not UTF-8 text');
    let event: unknown;
    try {
      event = JSON.parse(Buffer.from(arrival.data.buffer, arrival.data.byteOffset, arrival.data.byteLength).toString());
    } catch {
      return refuse('', notJson(Buffer.from(arrival.data).toString()));
    }
    if (!check(event)) return describe(check.errors?.[0]);
    if (arrival.subject.startsWith('audit.')) return judgeAct(event, arrival);
    if (arrival.subject.startsWith('deliveries.')) return judgeDelivery(event, arrival);
    if (arrival.subject.startsWith('reconciliation.')) return judgeReconciliation(event, arrival);
    if (arrival.subject.startsWith('repairs.')) return judgeRepairItem(event, arrival);
    return event.state?.case_id === undefined ? judgeStep(event, arrival) : judgeCase(event, arrival);
  };
}

function judgeStep(event: Fields, arrival: Arrival): Accepted | Refused {
  const { started_at = '', ended_at = '', occurred_at = '', deadline = '', key = '', flow = '' } = event;
  const at = ended_at || started_at;
  const problem =
    implausible('/started_at', started_at, arrival.arrivedMs) ??
    implausible('/ended_at', ended_at, arrival.arrivedMs) ??
    implausible('/occurred_at', occurred_at, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  // RFC 3339 in UTC with milliseconds: text compares as time.
  if (ended_at !== '' && ended_at < started_at) return refuse('/ended_at', 'ended before it started');
  if (deadline !== '' && !(deadline >= '2000' && deadline < '2200'))
    return refuse('/deadline', `is not a plausible date: ${deadline}`);
  if ((event.ordinal ?? 0) > 0xffff_ffff) return refuse('/ordinal', 'is beyond 4294967295');
  if (!arrival.subject.endsWith(`.${flow}.${key}`))
    return refuse('/key', `does not belong to the subject ${arrival.subject} it came on`);
  return { ok: true, at, key, flow };
}

function judgeCase(event: Fields, arrival: Arrival): Accepted | Refused {
  const { at = '', state = {} } = event;
  const problem = implausible('/at', at, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  if (arrival.subject !== `cases.${state.case_id}`)
    return refuse('/state/case_id', `does not belong to the subject ${arrival.subject} it came on`);
  return { ok: true, at, key: state.key ?? '', flow: state.flow ?? '' };
}

function judgeRepairItem({ at = '', run_id = '', case_id = '' }: Fields, arrival: Arrival): Accepted | Refused {
  const problem = implausible('/at', at, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  if (arrival.subject !== subjects.repairItem(run_id, case_id))
    return refuse('/case_id', `does not belong to the subject ${arrival.subject} it came on`);
  return { ok: true, at, key: '', flow: '' };
}

function judgeDelivery({ at = '', webhook_id = '' }: Fields, arrival: Arrival): Accepted | Refused {
  const problem = implausible('/at', at, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  if (arrival.subject !== subjects.delivery(webhook_id))
    return refuse('/webhook_id', `does not belong to the subject ${arrival.subject} it came on`);
  return { ok: true, at, key: '', flow: '' };
}

/** A run or a break. */
function judgeReconciliation(event: Fields, arrival: Arrival): Accepted | Refused {
  const { at = '', updated_at = '', break_id, run_id = '' } = event;
  const time = at || updated_at;
  const problem = implausible(at === '' ? '/updated_at' : '/at', time, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  const own = break_id === undefined ? subjects.reconciliationRun(run_id) : subjects.reconciliationBreak(break_id);
  if (arrival.subject !== own)
    return refuse(
      break_id === undefined ? '/run_id' : '/break_id',
      `does not belong to the subject ${arrival.subject} it came on`,
    );
  return { ok: true, at: time, key: '', flow: '' };
}

function judgeAct({ at = '', action = '' }: Fields, arrival: Arrival): Accepted | Refused {
  const problem = implausible('/at', at, arrival.arrivedMs);
  if (problem !== undefined) return problem;
  if (arrival.subject !== subjects.audit(action))
    return refuse('/action', `does not belong to the subject ${arrival.subject} it came on`);
  return { ok: true, at, key: '', flow: '' };
}

function implausible(path: string, text: string, arrivedMs: number): Refused | undefined {
  if (text === '') return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return refuse(path, `is not a date: ${text}`);
  if (time < earliest) return refuse(path, `lies before the year 2000: ${text}`);
  if (time > arrivedMs + dayMs) return refuse(path, `lies more than a day ahead: ${text}`);
  return undefined;
}

function describe(error: ErrorObject | undefined): Refused {
  if (error === undefined) return refuse('', 'does not match the contract');
  if (error.keyword === 'not') return refuse('', `carries a name that is reserved: ${reserved.join(', ')}`);
  const missing = error.keyword === 'required' ? `/${String(error.params.missingProperty)}` : '';
  // A key that the writer chose may be somebody's address.
  return refuse(
    withoutEmails(`${error.instancePath}${missing}`),
    missing === '' ? (error.message ?? 'is not valid') : 'is missing',
  );
}
