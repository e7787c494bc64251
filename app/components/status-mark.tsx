import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** States that anything in the console can be in; each has a shape, a word and a colour. */
export type Condition = 'good' | 'warn' | 'bad' | 'info' | 'none';

const shapes: Record<Condition, { shape: string; colour: string }> = {
  good: { shape: '●', colour: 'text-good' },
  warn: { shape: '▲', colour: 'text-warn' },
  bad: { shape: '■', colour: 'text-bad' },
  info: { shape: '◆', colour: 'text-info' },
  none: { shape: '○', colour: 'text-muted' },
};

/** State by shape, word and colour: never by colour alone. `hideWord` leaves the word to screen readers. */
export function StatusMark(props: { condition: Condition; word: ReactNode; hideWord?: boolean; className?: string }) {
  const { shape, colour } = shapes[props.condition];
  return (
    <span className={clsx('inline-flex items-baseline gap-1 whitespace-nowrap', colour, props.className)}>
      <span aria-hidden className="text-[0.75em] leading-none">
        {shape}
      </span>
      <span className={props.hideWord ? 'sr-only' : undefined}>{props.word}</span>
    </span>
  );
}
