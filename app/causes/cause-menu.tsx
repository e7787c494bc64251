import { useFetcher } from '@remix-run/react';
import { BellOff, BellRing, BookOpen, Ellipsis, Pause, Play, StickyNote, UserRound, UserRoundPlus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, buttonClass } from '#app/components/button.tsx';
import { Dialog } from '#app/components/dialog.tsx';
import type { CauseResult } from '#app/commands/cause.ts';
import type { Standing } from '#app/presenters/causes-now.ts';
import { CauseDialog, CauseNotice, type Question } from './cause-dialog.tsx';
import { causePath } from './paths.ts';

interface CauseMenuProps {
  standing: Standing;
  /** "The tax code “TX-9” is not mapped" */
  cause: string;
  viewerId: string;
  owners: readonly string[];
  /** Three dots in a row of a table; otherwise a button with a word. */
  compact?: boolean;
}

const itemClass =
  'flex h-8 items-center gap-2 rounded px-2 outline-none select-none data-[highlighted]:bg-hover max-sm:h-10';
const iconClass = 'size-4 text-muted';

/** Ownership, note, runbook, hold and mute of one cause. The server checks again who may. */
export function CauseMenu({ standing, cause, viewerId, owners, compact = false }: CauseMenuProps) {
  const fetcher = useFetcher<CauseResult>({ key: `cause:${standing.fingerprint}` });
  const [asking, setAsking] = useState<Question>();
  const [dismissed, setDismissed] = useState<CauseResult>();
  const busy = fetcher.state !== 'idle';
  const result = busy ? undefined : fetcher.data;
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(undefined);
  }, [fetcher.state, fetcher.data]);
  const ask = (question: Question) => {
    setDismissed(fetcher.data);
    setAsking(question);
  };
  const send = (fields: Record<string, string>) =>
    fetcher.submit(
      { revision: String(standing.revision), ...fields },
      { method: 'post', action: causePath(standing.fingerprint) },
    );
  const mine = standing.owner === viewerId;
  const untold = result?.ok === false && asking === undefined && result !== dismissed;
  const item = (icon: ReactNode, word: string, onSelect: () => void) => (
    <DropdownMenu.Item className={itemClass} onSelect={onSelect}>
      {icon}
      {word}
    </DropdownMenu.Item>
  );
  return (
    // A click or a key in here is not one for the row of a table around it.
    <span
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          aria-label={compact ? `Change: ${cause}` : undefined}
          aria-busy={busy}
          className={compact ? buttonClass('quiet', 'h-7! w-8 px-0!') : buttonClass('secondary')}
        >
          <Ellipsis aria-hidden className="size-4 text-muted" /> {!compact && 'Change'}
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={4}
            collisionPadding={8}
            className="z-50 w-56 rounded border border-line-strong bg-raised p-1"
          >
            {mine
              ? item(<UserRound aria-hidden className={iconClass} />, 'Give it back', () =>
                  send({ intent: 'own', owner: '' }),
                )
              : item(<UserRound aria-hidden className={iconClass} />, 'Take it', () =>
                  send({ intent: 'own', owner: viewerId }),
                )}
            {item(<UserRoundPlus aria-hidden className={iconClass} />, 'Assign an owner…', () => ask('own'))}
            {item(<StickyNote aria-hidden className={iconClass} />, 'Write a note…', () => ask('note'))}
            {item(<BookOpen aria-hidden className={iconClass} />, 'Set a runbook…', () => ask('runbook'))}
            <DropdownMenu.Separator className="my-1 h-px bg-line" />
            {standing.hold
              ? item(<Play aria-hidden className={iconClass} />, 'Release', () => send({ intent: 'release' }))
              : item(<Pause aria-hidden className={iconClass} />, 'Put on hold…', () => ask('hold'))}
            {item(
              <BellOff aria-hidden className={iconClass} />,
              standing.mute?.holds ? 'Change the mute…' : 'Mute…',
              () => ask('mute'),
            )}
            {standing.mute?.holds &&
              item(<BellRing aria-hidden className={iconClass} />, 'Unmute', () => send({ intent: 'unmute' }))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {asking && (
        <CauseDialog
          asking={asking}
          standing={standing}
          cause={cause}
          owners={owners}
          fetcher={fetcher}
          result={result === dismissed ? undefined : result}
          onLeave={() => {
            setDismissed(fetcher.data);
            setAsking(undefined);
          }}
        />
      )}
      {untold && (
        <Dialog open onOpenChange={() => setDismissed(result)} title="Nothing was changed" description={cause}>
          <div className="flex flex-col gap-3">
            <CauseNotice result={result} standing={standing} />
            <Button look="primary" className="self-end" onClick={() => setDismissed(result)}>
              Understood
            </Button>
          </div>
        </Dialog>
      )}
    </span>
  );
}
