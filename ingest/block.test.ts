import { describe, expect, it } from 'vitest';
import { Block } from './block.ts';

const bytes = (text: string) => Buffer.from(text);
const lines = (rows: Uint8Array | undefined) => Buffer.from(rows ?? []).toString();

describe('a block', () => {
  it('splices the stream sequence and the shard into the bytes that arrived', () => {
    const block = new Block({ shard: 3, openedAt: 0 });
    block.add('202610', 41, bytes('{"v":1,"key":"é"}'));
    block.add('202610', 42, bytes(' \n{ "v":1 }'));
    expect(lines(block.parts()[0]?.rows())).toBe(
      '{"stream_seq":41,"shard":3,"v":1,"key":"é"}\n{"stream_seq":42,"shard":3, "v":1 }\n',
    );
  });

  it('keeps each row apart, also beyond the room it began with', () => {
    const block = new Block({ shard: 0, openedAt: 0 });
    const event = bytes(`{"text":"${'x'.repeat(1000)}"}`);
    for (let seq = 1; seq <= 600; seq++) block.add('202610', seq, event);
    const [part] = block.parts();
    expect(part?.seqs).toHaveLength(600);
    expect(lines(part?.row(0))).toBe(`{"stream_seq":1,"shard":0,"text":"${'x'.repeat(1000)}"}\n`);
    expect(lines(part?.row(599))).toBe(`{"stream_seq":600,"shard":0,"text":"${'x'.repeat(1000)}"}\n`);
    expect(JSON.parse(lines(part?.row(300)))).toMatchObject({ stream_seq: 301 });
  });

  it('parts its rows by month in a fixed order', () => {
    const block = new Block({ shard: 0, openedAt: 0 });
    block.add('202611', 1, bytes('{"a":1}'));
    block.add('202610', 2, bytes('{"a":2}'));
    expect(block.parts().map((part) => [part.partition, part.seqs])).toEqual([
      ['202610', [2]],
      ['202611', [1]],
    ]);
  });

  it('covers every message, rejected ones too, and says so when there were more keys than it keeps', () => {
    const block = new Block({ shard: 0, openedAt: 0 });
    for (let seq = 5; seq <= 260; seq++) {
      block.cover(seq, 10, 1_000 + seq, 260 - seq);
      block.touch(`shop==${seq}`, 'order_to_cash');
    }
    expect(block).toMatchObject({ first: 5, last: 260, messages: 256, bytes: 2_560, newestMs: 1_260, pending: 0 });
    expect(block.keys.size).toBe(201);
  });
});
