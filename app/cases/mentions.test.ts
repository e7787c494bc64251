import { describe, expect, it } from 'vitest';
import { mentionAt, mentionsIn } from './mentions.ts';
import { asTag } from './tags.ts';

const people = ['ana@example.com', 'ana@example.community', 'bo@example.com'];

describe('mentions in a comment', () => {
  it('are whole addresses of colleagues after an @', () => {
    expect(mentionsIn('@ana@example.com please look, cc (@Bo@example.com).', people)).toEqual([
      'ana@example.com',
      'bo@example.com',
    ]);
    expect(mentionsIn('@ana@example.community', people)).toEqual(['ana@example.community']);
    expect(mentionsIn('write to ana@example.com, x@ana@example.com', people)).toEqual([]);
    expect(mentionsIn('@eve@elsewhere.example', people)).toEqual([]);
  });
  it('are offered while they are written', () => {
    expect(mentionAt('ask @An', 7)).toEqual({ from: 5, begun: 'an' });
    expect(mentionAt('@', 1)).toEqual({ from: 1, begun: '' });
    expect(mentionAt('mail a@b', 8)).toBeUndefined();
    expect(mentionAt('@ana later', 10)).toBeUndefined();
  });
});

it('a tag is written as people write, and kept as the contract spells it', () => {
  expect(asTag(' Tax office ')).toBe('tax-office');
  expect(asTag('B2B_2026')).toBe('b2b-2026');
  for (const bad of ['', '-', 'ümlaut', 'x'.repeat(41), 'a;b']) expect(asTag(bad)).toBeUndefined();
});
