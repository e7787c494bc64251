import { describe, expect, test } from 'vitest';
import { parseOptions, portsFrom } from './options.ts';

const root = '/srv/syncline';

describe('options of npm start', () => {
  test('default to the simulated estate on port 4600 with its data in the checkout', () => {
    expect(parseOptions([], root)).toMatchObject({
      demo: true,
      scenario: 'normal',
      port: 4600,
      dataDir: '/srv/syncline/data',
      estateFile: '/srv/syncline/config/estate.yaml',
    });
  });

  test('move the whole block of ports', () => {
    expect(portsFrom(parseOptions(['--port', '7000'], root).port)).toEqual({
      console: 7000,
      intake: 7001,
      engineOps: 7002,
      ingestOps: 7003,
      otlp: 7004,
      simulator: 7010,
      smtp: 7011,
      nats: 7020,
    });
  });

  test.each([
    [['--port', 'abc'], '--port takes a whole number'],
    [['--port', '80'], '--port takes a whole number'],
    [['--port', '65530'], '--port takes a whole number'],
    [['--prot', '7000'], "Unknown option '--prot'"],
    [['--no-demo', '--scenario', 'normal'], '--scenario chooses the traffic'],
  ])('that make no sense are refused in one line: %j', (args, message) => {
    expect(() => parseOptions(args, root)).toThrow(message);
  });
});
