import { describe, expect, test } from 'vitest';
import { endpointProblem, guardedLookup, isPublicAddress, PRIVATE_ADDRESS } from './endpoint.ts';

const strict = { privateHosts: [], simulated: false };

describe('an endpoint’s address', () => {
  test.each([
    'https://example.com/hook',
    'https://example.com:8443/a?b=c',
    'https://93.184.216.34/x',
    'https://[2606:4700::1]/',
  ])('%s may be used', (url) => expect(endpointProblem(url, strict)).toBeUndefined());
  test.each([
    'nothing',
    'http://example.com/',
    'ftp://example.com/',
    'https://me:pass@example.com/',
    'https://example.com/#part',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fd00::1]/',
    'https://[2002:a00:1::]/',
    'https://localhost/',
    'https://intranet/',
    'https://metadata.google.internal/',
  ])('%s is refused', (url) => expect(endpointProblem(url, strict)).toBeDefined());

  test('of a host that the estate allows may be private; without TLS only where all is simulated', () => {
    const privateHosts = ['127.0.0.1', 'hooks.intern'];
    expect(endpointProblem('https://hooks.intern/', { privateHosts, simulated: false })).toBeUndefined();
    expect(endpointProblem('http://127.0.0.1:4610/x', { privateHosts, simulated: false })).toContain('https');
    expect(endpointProblem('http://127.0.0.1:4610/x', { privateHosts, simulated: true })).toBeUndefined();
    expect(endpointProblem('http://example.com/', { privateHosts, simulated: true })).toContain('https');
  });

  test('is looked at again when it is called: a name that leads inside is refused then', async () => {
    const look = (privateHosts: string[]) =>
      new Promise<NodeJS.ErrnoException | null>((resolve) =>
        guardedLookup({ privateHosts })('localhost', { all: true }, (error) => resolve(error)),
      );
    expect(await look([])).toMatchObject({ code: PRIVATE_ADDRESS });
    expect(await look(['localhost'])).toBeNull();
  });

  test.each(['', 'example.com', '0.0.0.0', '100.64.0.1', '224.0.0.1', '255.255.255.255', '::'])(
    '%j is not public',
    (one) => expect(isPublicAddress(one)).toBe(false),
  );
});
