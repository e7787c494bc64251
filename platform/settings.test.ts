import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeSettings, natsSettings, port, readSettings } from './settings.ts';

const schema = z.object({ ...natsSettings, PORT: port.default(4600), API_KEY: z.string().min(3).optional() });

describe('settings from the environment', () => {
  test('are typed and completed by defaults; an empty variable is one that is not set', () => {
    expect(readSettings('The console', schema, { PORT: '80', NATS_URL: '', PATH: '/bin' })).toEqual({
      env: { PORT: 80, NATS_URL: 'nats://127.0.0.1:4620' },
    });
  });

  test('that are wrong are all named in one message, without their values', () => {
    const read = readSettings('The console', schema, { PORT: 'many', API_KEY: 'x!' });
    const problem = 'problem' in read ? read.problem : '';
    expect(problem).toMatch(/^The console cannot start.*\n {2}PORT: .*\n {2}API_KEY: /);
    expect(problem).not.toContain('x!');
  });

  test('are printed with secrets masked, also inside addresses', () => {
    const shown = describeSettings({
      NATS_URL: 'nats://sync:line@host:4222,nats://:hidden@other',
      NATS_PASSWORD: 'hidden',
      CONTROL_TOKEN: 'hidden',
      MARKETPLACE_API_KEY: 'hidden',
      PORT: 80,
    });
    expect(shown).not.toMatch(/line@|hidden/);
    expect(shown).toContain('NATS_URL=nats://sync:********@host:4222');
    expect(shown).toContain('PORT=80');
  });
});
