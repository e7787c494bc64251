import { useNavigate } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { Dialog } from './dialog.tsx';
import type { Place } from './places.ts';

const everywhere: readonly { keys: string; what: string }[] = [
  { keys: 'Ctrl K', what: 'Search' },
  { keys: 'J, K', what: 'Next, previous row' },
  { keys: 'Enter', what: 'Open the row' },
  { keys: 'X', what: 'Select the row' },
  { keys: 'M', what: 'On a case: to the field that is wrong' },
  { keys: 'S', what: 'On a case: take the suggested repair' },
  { keys: 'D', what: 'On a case: dry run' },
  { keys: 'R', what: 'On a case: replay, with what you edited' },
  { keys: 'C', what: 'On a case: write a comment' },
  { keys: 'Ctrl Space', what: 'In a payload: what may be written here' },
  { keys: 'Esc', what: 'Close the panel or dialog, leave the editor' },
  { keys: '?', what: 'This list' },
];

export function ShortcutsDialog({
  places,
  open,
  onOpenChange,
}: {
  places: readonly Place[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const going = places.map(({ shortcut, label }) => ({ keys: `G ${shortcut.toUpperCase()}`, what: `Go to ${label}` }));
  const list = [...going, ...everywhere];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {list.map(({ keys, what }) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-line-strong px-1.5 py-0.5 text-label">{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** Whether somebody is typing, and so a letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

/** Shortcuts that work on every page: Ctrl K, ?, and G followed by a place's letter. */
export function useShortcuts(places: readonly Place[], actions: { search: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') latest.current.help();
      const place = places.find(({ shortcut }) => shortcut === event.key);
      if (place && Date.now() < goUntil) navigate(place.path);
      goUntil = event.key === 'g' ? Date.now() + 1_000 : 0;
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, places]);
}
