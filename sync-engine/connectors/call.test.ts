import { describe, expect, test } from 'vitest';
import { callVerb, prepareCall, type CallProgress } from './call.ts';
import { ConnectorError, type Answer, type PreparedCall, type Send, type Verb } from './connector.ts';
import { impossible } from './transport/answer.ts';

const callTo = (path: string): PreparedCall => ({ method: 'GET', path, headers: {}, body: '' });
const answer = (body: string): Answer => ({ status: 200, headers: {}, body });
const verb: Verb<string, string> = {
  name: 'example',
  before: (input) => callTo(`/before/${input}`),
  prepare: (input, looked) => callTo(`/call/${input}/${looked?.body ?? 'none'}`),
  read: ({ body }) => body,
  after: { prepare: (output) => callTo(`/after/${output}`), read: ({ body }, output) => `${output}+${body}` },
};

describe('a verb', () => {
  test('is called in order: the read before, the call, the read after', async () => {
    const paths: string[] = [];
    const send: Send = async ({ path }) => {
      paths.push(path);
      return answer(`a${paths.length}`);
    };
    expect(await callVerb(verb, 'x', send)).toEqual({
      call: callTo('/call/x/a1'),
      answer: answer('a2'),
      output: 'a2+a3',
    });
    expect(paths).toEqual(['/before/x', '/call/x/a1', '/after/a2']);
  });
  test('whose read before failed certainly had no effect, even where the read timed out', async () => {
    const send: Send = () =>
      Promise.reject(
        new ConnectorError({
          errorClass: 'timeout',
          code: 'TIMEOUT',
          message: '',
          retryable: true,
          mayHaveHappened: true,
        }),
      );
    const error: unknown = await prepareCall(verb, 'x', send).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ detail: { code: 'TIMEOUT', mayHaveHappened: false } });
  });
  test('keeps what was sent and answered, also when the answer is a refusal', async () => {
    const progress: CallProgress = {};
    const refusing: Verb<string, string> = {
      ...verb,
      read: () => {
        throw impossible('NO', 'no');
      },
    };
    await expect(callVerb(refusing, 'x', async () => answer('b'), progress)).rejects.toThrow('no');
    expect(progress).toEqual({ call: callTo('/call/x/b'), answer: answer('b') });
  });
  test('without a read before or after is one call', async () => {
    const simple: Verb<string, string> = {
      name: 'simple',
      prepare: (input) => callTo(`/${input}`),
      read: ({ body }) => body,
    };
    expect(await callVerb(simple, 'x', async () => answer('done'))).toMatchObject({ output: 'done' });
  });
});
