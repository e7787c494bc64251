import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

/** Words that appear beside something on hover and on keyboard focus. The child must be able to take a ref. */
export function Hint(props: { text: ReactNode; children: ReactElement; side?: 'top' | 'right' | 'bottom' | 'left' }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={props.side ?? 'top'}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 rounded border border-line-strong bg-raised px-2 py-1 text-label text-text"
        >
          {props.text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
