import type { ReceivedGroup } from './documents.ts';
import type { OutSet } from './write.ts';

/** Functional acknowledgment (997) of a group of shipping orders, all taken. */
export const acknowledgmentOf = (group: ReceivedGroup): OutSet => ({
  id: '997',
  segments: [
    ['AK1', group.functionalId, group.control],
    ...group.sets.flatMap(({ id, control }): OutSet['segments'] => [
      ['AK2', id, control],
      ['AK5', 'A'],
    ]),
    ['AK9', 'A', ...Array.from({ length: 3 }, () => String(group.sets.length))],
  ],
});
