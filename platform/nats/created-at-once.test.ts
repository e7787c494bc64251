import { JetStreamApiError } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/nats-core';
import { expect, test } from 'vitest';
import { createdAtOnce } from './created-at-once.ts';

const refusal = (err_code: number) => new JetStreamApiError({ code: 400, err_code, description: 'refused' });
/** Answers with these one after the other, then with `made`. */
function creating(...answers: Error[]) {
  const asked = { times: 0 };
  const create = () => {
    const answer = answers[asked.times++];
    return answer === undefined ? Promise.resolve('made') : Promise.reject(answer);
  };
  return { asked, create };
}

test('what another process makes at the same moment is looked for again', async () => {
  const { asked, create } = creating(refusal(10065), refusal(10065));
  expect(await createdAtOnce(create)).toBe('made');
  expect(asked.times).toBe(3);
});

test('subjects that stay another stream’s are refused in the end', async () => {
  const { asked, create } = creating(...Array.from({ length: 9 }, () => refusal(10065)));
  await expect(createdAtOnce(create)).rejects.toThrow('refused');
  expect(asked.times).toBe(5);
});

test('any other refusal is one at once', async () => {
  const { asked, create } = creating(refusal(10058));
  await expect(createdAtOnce(create)).rejects.toThrow('refused');
  expect(asked.times).toBe(1);
});

test('what nobody answers in time is asked for again', async () => {
  const { asked, create } = creating(new TimeoutError());
  expect(await createdAtOnce(create)).toBe('made');
  expect(asked.times).toBe(2);
});
