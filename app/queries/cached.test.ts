import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { freshMs, shareAnswers } from './cached.ts';

const question = defineQuery({
  name: 'question',
  sql: 'SELECT {n:UInt8} AS n',
  params: z.object({ n: z.number() }),
  row: z.object({ n: z.number() }),
});

function counting() {
  const asked: unknown[] = [];
  let clock = 0;
  let fail = false;
  let landed = () => undefined as void;
  const read = shareAnswers(
    async (_query, params) => {
      asked.push(params);
      if (fail) throw new Error('no answer');
      return [params] as never;
    },
    {
      now: () => clock,
      onLanded: (forget) => {
        landed = forget;
      },
    },
  );
  return {
    asked,
    read,
    landed: () => landed(),
    at: (ms: number) => (clock = ms),
    failing: (now: boolean) => (fail = now),
  };
}

describe('equal questions', () => {
  it('asked at once are answered by one', async () => {
    const { asked, read } = counting();
    const answers = await Promise.all(Array.from({ length: 50 }, () => read(question, { n: 1 })));
    expect(asked).toHaveLength(1);
    expect(answers.every(([row]) => row?.n === 1)).toBe(true);
  });
  it('asked a second later are asked again, and different ones always', async () => {
    const { asked, read, at } = counting();
    await read(question, { n: 1 });
    await read(question, { n: 2 });
    at(freshMs - 1);
    await read(question, { n: 1 });
    expect(asked).toHaveLength(2);
    at(freshMs);
    await read(question, { n: 1 });
    expect(asked).toHaveLength(3);
  });
  it('asked after something has landed are asked again, however lately and whatever is still being answered', async () => {
    const { asked, read, landed } = counting();
    await read(question, { n: 1 });
    const underWay = read(question, { n: 2 });
    landed();
    await Promise.all([read(question, { n: 1 }), read(question, { n: 2 }), underWay]);
    expect(asked).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }, { n: 2 }]);
  });
  it('that failed are not remembered', async () => {
    const { asked, read, failing } = counting();
    failing(true);
    await expect(read(question, { n: 1 })).rejects.toThrow('no answer');
    failing(false);
    await expect(read(question, { n: 1 })).resolves.toEqual([{ n: 1 }]);
    expect(asked).toHaveLength(2);
  });
});
