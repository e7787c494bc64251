import type { PatchOperation } from '#contracts/v1/repair.ts';
import { LosslessNumber, parse, stringify } from 'lossless-json';

/** Why a repair could not be applied to a payload. */
export class DoesNotApply extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DoesNotApply';
  }
}

type Place = { parent: Record<string, unknown> | unknown[]; token: string };

/**
 * Applies a JSON Patch, with `*` for every element and `was` as a guard, to a payload. Numbers nobody touched keep every
 * digit; the text is laid out anew. A guarded operation that finds nothing is passed over as long as another one finds
 * something: a tax may stand on lines, on shipping, or on both.
 * @throws DoesNotApply where the payload is not JSON, a test does not hold, an operation without a guard finds nothing,
 * or nothing is found to change at all.
 */
export function applyPatch(payload: string, operations: readonly PatchOperation[]): string {
  const document = { root: parsed(payload) };
  const missed: DoesNotApply[] = [];
  let changed = false;
  for (const operation of operations) {
    const miss = applyOne(document, operation);
    if (miss !== undefined) missed.push(miss);
    else changed ||= operation.op !== 'test';
  }
  if (!changed && missed[0] !== undefined) throw missed[0];
  return stringify(document.root, undefined, 2) ?? 'null';
}

function parsed(payload: string): unknown {
  try {
    return parse(payload);
  } catch {
    throw new DoesNotApply('The payload is not JSON, so it cannot be patched.');
  }
}

/** @returns why a guarded operation found nothing. */
function applyOne(document: { root: unknown }, operation: PatchOperation): DoesNotApply | undefined {
  const tokens = operation.path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const places = placesOf({ parent: document, token: 'root' }, tokens);
  switch (operation.op) {
    case 'test': {
      const held = places.filter((place) => has(place) && equal(read(place), operation.value));
      if (held.length === 0 || held.length < places.length)
        throw new DoesNotApply(`${operation.path} is not ${JSON.stringify(operation.value)}.`);
      return undefined;
    }
    case 'replace':
    case 'remove': {
      const guarded = operation.was !== undefined;
      const found = places.filter((place) => has(place) && (!guarded || equal(read(place), operation.was)));
      if (found.length === 0 && guarded)
        return new DoesNotApply(`Nothing at ${operation.path} is ${JSON.stringify(operation.was)}.`);
      if (found.length === 0) throw new DoesNotApply(`There is nothing at ${operation.path}.`);
      // Backwards, so that what is removed from an array does not move what is still to be removed.
      for (const place of found.toReversed())
        if (operation.op === 'remove') remove(place);
        else write(place, operation.value);
      return undefined;
    }
    case 'add': {
      const found = places.filter(({ parent, token }) => !Array.isArray(parent) || isPosition(parent, token));
      if (found.length === 0) throw new DoesNotApply(`Nothing can be added at ${operation.path}.`);
      for (const place of found.toReversed()) insert(place, operation.value);
      return undefined;
    }
  }
}

/** Every place a path names: its containers are there, the place itself may not be. */
function placesOf(from: Place, tokens: readonly string[]): Place[] {
  let places = [from];
  for (const token of tokens) {
    places = places.flatMap((place): Place[] => {
      const container = has(place) ? read(place) : undefined;
      if (Array.isArray(container))
        return token === '*'
          ? container.map((_, index) => ({ parent: container as unknown[], token: String(index) }))
          : [{ parent: container as unknown[], token }];
      return isRecord(container) ? [{ parent: container, token }] : [];
    });
  }
  return places;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof LosslessNumber);
const isIndex = (token: string): boolean => /^(0|[1-9]\d*)$/.test(token);
const isPosition = (list: unknown[], token: string): boolean =>
  token === '-' || (isIndex(token) && Number(token) <= list.length);

const has = ({ parent, token }: Place): boolean =>
  Array.isArray(parent) ? isIndex(token) && Number(token) < parent.length : Object.hasOwn(parent, token);
const read = ({ parent, token }: Place): unknown => (Array.isArray(parent) ? parent[Number(token)] : parent[token]);

function write({ parent, token }: Place, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(token)] = value;
  // A key such as __proto__ is a key like any other.
  else Object.defineProperty(parent, token, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ parent, token }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(token), 1);
  else Reflect.deleteProperty(parent, token);
}

function insert(place: Place, value: unknown): void {
  const { parent, token } = place;
  if (Array.isArray(parent)) parent.splice(token === '-' ? parent.length : Number(token), 0, value);
  else write(place, value);
}

/** Is what stands in the payload the value that an operation names? Numbers by their value, not their spelling. */
function equal(found: unknown, named: unknown): boolean {
  if (found instanceof LosslessNumber) return typeof named === 'number' && Number(found.value) === named;
  if (Array.isArray(found))
    return (
      Array.isArray(named) &&
      found.length === named.length &&
      found.every((one: unknown, index) => equal(one, named[index]))
    );
  if (!isRecord(found)) return found === named;
  if (typeof named !== 'object' || named === null || Array.isArray(named)) return false;
  const keys = Object.keys(found);
  return (
    keys.length === Object.keys(named).length &&
    keys.every((key) => Object.hasOwn(named, key) && equal(found[key], (named as Record<string, unknown>)[key]))
  );
}
