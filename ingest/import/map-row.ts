import { transactionKey } from '#contracts/v1/key.ts';
import { digest, objectionTo, type Objection, type OutsideStep, unsaid } from '../outside/outside-step.ts';
import type { ImportMapping, TextRule, TimeRule } from './mapping.ts';
import { textReader, Unfit } from './text-rule.ts';
import { timeReader } from './time-format.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A row as a step, and what sorts it within its transaction. */
export interface MappedRow {
  step: OutsideStep;
  /** Its number where the mapping gives one; otherwise steps are sorted by time. */
  ordinal?: number;
}

/** Makes a step of a row, or says which field is wrong and why. */
export type MapRow = (values: Values, now: Date) => MappedRow | Objection;

/** Fields that are text and stand in the step as they are mapped. */
const texts = [
  'business_key',
  'direction',
  'channel',
  'region',
  'legal_entity',
  'brand',
  'location',
  'sku',
  'amount',
  'currency',
  'error_class',
  'error_code',
  'error_path',
  'error_message',
] as const;

export function compileMapping(mapping: ImportMapping): MapRow {
  const { fields } = mapping;
  const text = (field: string, rule: TextRule | undefined) => (rule === undefined ? () => '' : textReader(field, rule));
  const time = (field: string, rule: TimeRule | undefined) =>
    rule === undefined ? () => '' : momentReader(field, rule);
  const read = {
    flow: text('flow', fields.flow),
    key: keyReader(fields.key),
    step: text('step', fields.step),
    status: text('status', fields.status),
    system: text('system', fields.system),
    id: text('id', fields.id),
    ordinal: text('ordinal', fields.ordinal),
    attempt: text('attempt', fields.attempt),
    trace_id: text('trace_id', fields.trace_id),
    started_at: time('started_at', fields.started_at),
    ended_at: time('ended_at', fields.ended_at),
    occurred_at: time('occurred_at', fields.occurred_at),
    deadline: time('deadline', fields.deadline),
  };
  const plain = texts.flatMap((name) =>
    fields[name] === undefined ? [] : [[name, text(name, fields[name])] as const],
  );
  const attributes = Object.entries(mapping.attributes).map(([name, rule]) => [name, text(name, rule)] as const);
  const filled = (readers: readonly (readonly [string, (values: Values) => string])[], values: Values) =>
    Object.fromEntries(readers.map(([name, of]) => [name, of(values)] as const).filter(([, value]) => value !== ''));

  const stepOf = (values: Values): MappedRow => {
    const flow = read.flow(values) as OutsideStep['flow'];
    const { key, externalId } = read.key(values);
    const status = read.status(values) as OutsideStep['status'];
    const started_at = read.started_at(values);
    if (started_at === '') throw new Unfit('started_at', 'is empty');
    const untold: Omit<OutsideStep, 'span_id'> = {
      ...unsaid,
      trace_id: read.trace_id(values).toLowerCase() || digest([flow, key], 32),
      flow,
      key,
      step: read.step(values),
      business_key: externalId.slice(0, 200),
      status,
      attempt: wholeNumber('attempt', read.attempt(values) || '1'),
      started_at,
      // A log that knows one time for each step tells when it was done.
      ended_at: read.ended_at(values) || (status === 'started' ? '' : started_at),
      occurred_at: read.occurred_at(values),
      deadline: read.deadline(values),
      system: read.system(values),
      origin: mapping.origin,
      ...filled(plain, values),
      attributes: filled(attributes, values),
    };
    const ordinal = read.ordinal(values);
    return {
      step: { ...untold, span_id: identityOf(untold, read.id(values)) },
      ...(ordinal === '' ? {} : { ordinal: wholeNumber('ordinal', ordinal) }),
    };
  };

  return (values, now) => {
    try {
      const mapped = stepOf(values);
      return objectionTo(mapped.step, now) ?? mapped;
    } catch (error) {
      if (error instanceof Unfit) return { field: error.field, reason: error.message };
      throw error;
    }
  };
}

/**
 * What a step is recognised by when its row is imported again, perhaps by a later export with more columns: the row's own
 * id, or what happened, where, when and how it ended.
 */
function identityOf(step: Omit<OutsideStep, 'span_id'>, id: string): string {
  const { flow, key, status, attempt, started_at, ended_at, system, location, sku } = step;
  if (id !== '') return digest([flow, key, id], 16);
  return digest([flow, key, step.step, status, attempt, started_at, ended_at, system, location, sku], 16);
}

function keyReader({ system, external_id, whole }: ImportMapping['fields']['key']) {
  if (whole !== undefined) {
    const readWhole = textReader('key.whole', whole);
    return (values: Values) => ({ key: readWhole(values), externalId: '' });
  }
  if (system === undefined || external_id === undefined) throw new Error('the mapping gives no key');
  const [readSystem, readId] = [textReader('key.system', system), textReader('key.external_id', external_id)];
  return (values: Values) => {
    const [of, externalId] = [readSystem(values), readId(values)];
    if (of === '') throw new Unfit('key.system', 'is empty');
    if (externalId === '') throw new Unfit('key.external_id', 'is empty');
    return { key: transactionKey(of, externalId), externalId };
  };
}

function momentReader(field: string, rule: TimeRule): (values: Values) => string {
  const text = textReader(field, { ...rule, unmapped: 'keep' });
  const read = timeReader(rule.format, rule.zone);
  return (values) => {
    const given = text(values);
    if (given === '') return '';
    const instant = read(given);
    if (instant === undefined)
      throw new Unfit(
        field,
        `"${given}" is not a time of the form ${rule.format}${rule.zone === undefined ? ' with an offset (or give a zone)' : ''}`,
      );
    return instant;
  };
}

function wholeNumber(field: string, text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new Unfit(field, `"${text}" is not a whole number`);
  return Number(text);
}
