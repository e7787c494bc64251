import { describe, expect, it } from 'vitest';
import { covers, isInForce } from './rule-match.ts';

const stop = { fingerprint: 'abcdef0123456789', channel: 'web-us', legal_entity: 'us-retail' };
const scoped = (more: object = {}) => ({
  scope: { fingerprint: stop.fingerprint, channels: [], legal_entities: [], ...more },
});

describe('a rule', () => {
  it('covers its cause, everywhere unless it says where', () => {
    expect(covers(scoped(), stop)).toBe(true);
    expect(covers(scoped({ fingerprint: 'ffffffff' }), stop)).toBe(false);
    expect(covers(scoped({ channels: ['web-eu', 'web-us'] }), stop)).toBe(true);
    expect(covers(scoped({ channels: ['web-eu'] }), stop)).toBe(false);
    expect(covers(scoped({ legal_entities: ['eu-retail'] }), stop)).toBe(false);
    expect(covers(scoped({ channels: ['web-us'], legal_entities: ['eu-retail'] }), stop)).toBe(false);
  });

  it('is in force while it is on, up to its expiry', () => {
    const expires_at = '2026-03-01T12:00:00.000Z';
    const at = (text: string) => new Date(text);
    expect(isInForce({ enabled: true, expires_at }, at('2026-03-01T11:59:59.999Z'))).toBe(true);
    expect(isInForce({ enabled: true, expires_at }, at('2026-03-01T12:00:00.000Z'))).toBe(false);
    expect(isInForce({ enabled: false, expires_at }, at('2026-01-01T00:00:00.000Z'))).toBe(false);
  });
});
