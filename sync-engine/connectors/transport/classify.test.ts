import { describe, expect, test } from 'vitest';
import { classifyNetworkError, classifyStatus, networkCode, parseRetryAfter } from './classify.ts';

const now = Date.parse('2026-03-01T10:00:00.000Z');

describe('Retry-After', () => {
  test.each([
    ['2', 2000],
    ['2.0', 2000],
    [' 0 ', 0],
    ['0.25', 250],
    ['Sun, 01 Mar 2026 10:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 10:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
    ['999999999', 86_400_000],
  ])('%s is %i ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
  test.each([undefined, '', 'soon', '-5', '1e3', '2026'.repeat(0)])('%s says nothing usable', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});

describe('what a status means', () => {
  test.each([200, 201, 202, 204])('%i is success', (status) => {
    expect(classifyStatus(status, {}, now)).toBeUndefined();
  });
  test.each([
    [301, 'rejected', false, true],
    [400, 'rejected', false, false],
    [401, 'auth', false, false],
    [403, 'auth', false, false],
    [404, 'rejected', false, false],
    [408, 'timeout', true, true],
    [409, 'conflict', false, false],
    [412, 'conflict', false, false],
    [422, 'rejected', false, false],
    [423, 'unavailable', true, false],
    [429, 'throttled', true, false],
    [500, 'unavailable', true, true],
    [501, 'rejected', false, false],
    [502, 'unavailable', true, true],
    [503, 'unavailable', true, true],
    [504, 'timeout', true, true],
    [520, 'unavailable', true, true],
  ])('%i is %s, retryable %s, may have happened %s', (status, errorClass, retryable, mayHaveHappened) => {
    expect(classifyStatus(status, {}, now)).toEqual({ errorClass, retryable, mayHaveHappened });
  });
  test('503 with Retry-After certainly did not happen', () => {
    expect(classifyStatus(503, { 'retry-after': '120' }, now)).toEqual({
      errorClass: 'unavailable',
      retryable: true,
      mayHaveHappened: false,
      retryAfterMs: 120_000,
    });
  });
  test('429 carries its Retry-After', () => {
    expect(classifyStatus(429, { 'retry-after': '2.0' }, now)?.retryAfterMs).toBe(2000);
  });
});

describe('no answer', () => {
  test.each([
    ['ECONNREFUSED', 'unavailable', false],
    ['ENOTFOUND', 'unavailable', false],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', false],
    ['CERT_HAS_EXPIRED', 'unavailable', false],
    ['ECONNRESET', 'unavailable', true],
    ['UND_ERR_SOCKET', 'unavailable', true],
    ['EPIPE', 'unavailable', true],
    ['ETIMEDOUT', 'timeout', true],
    ['', 'unavailable', true],
  ])('%s is %s, may have happened %s', (code, errorClass, mayHaveHappened) => {
    expect(classifyNetworkError(code)).toEqual({ errorClass, retryable: true, mayHaveHappened });
  });
  test('the socket error inside the wrapping ones decides', () => {
    const socket = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    expect(networkCode(new TypeError('fetch failed', { cause: socket }))).toBe('ECONNREFUSED');
    expect(networkCode(new AggregateError([socket], 'all failed'))).toBe('ECONNREFUSED');
    expect(networkCode('text')).toBe('');
  });
});
