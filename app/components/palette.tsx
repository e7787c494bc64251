import { useFetcher, useNavigate, useSearchParams } from '@remix-run/react';
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { Found } from '#app/presenters/search.ts';
import { rangeSearch } from '#app/time-range.ts';
import type { Place } from './places.ts';
import { useFocusBack } from './use-focus-back.ts';

const itemClass =
  'flex h-9 items-center gap-2 rounded px-2 data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent max-sm:h-11';

/** Reaches any screen, order or case: type an order number, external id, SKU, document, tracking number or case id. */
export function Palette({
  places,
  actions,
  open,
  onOpenChange,
}: {
  places: readonly Place[];
  /** What can be begun from anywhere. */
  actions: readonly Pick<Place, 'path' | 'label' | 'icon'>[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [text, setText] = useState('');
  const giveFocusBack = useFocusBack(open);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const found = useFoundWhileTyping(open ? text : '');
  const fits = ({ label }: { label: string }) => label.toLowerCase().includes(text.trim().toLowerCase());
  const matching = places.filter(fits);
  const doing = actions.filter(fits);
  const go = (path: string) => {
    onOpenChange(false);
    setText('');
    navigate(path);
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocusBack}
          className="fixed top-[10vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 rounded border border-line-strong bg-raised"
        >
          <Dialog.Title className="sr-only">Search</Dialog.Title>
          <Command label="Search" shouldFilter={false} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Order number, external id, SKU, ERP document, tracking number, case…"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-lead outline-none placeholder:text-muted max-sm:text-[16px]"
            />
            <Command.List className="max-h-[50vh] overflow-auto p-2">
              <Command.Empty className="p-3 text-muted">
                {found.failed
                  ? 'Search does not answer just now. Try again in a moment.'
                  : found.busy
                    ? 'Looking…'
                    : 'Nothing is known by this name. Paste the whole number, as it stands on the document.'}
              </Command.Empty>
              {matching.length > 0 && (
                <Results heading="Places">
                  {matching.map((place) => (
                    <Command.Item
                      key={place.path}
                      value={place.path}
                      onSelect={() => go(`${place.path}${rangeSearch(search)}`)}
                      className={itemClass}
                    >
                      <place.icon aria-hidden className="size-4 text-muted" />
                      {place.label}
                      <kbd className="ml-auto text-label text-muted">G {place.shortcut.toUpperCase()}</kbd>
                    </Command.Item>
                  ))}
                </Results>
              )}
              {doing.length > 0 && (
                <Results heading="Actions">
                  {doing.map((action) => (
                    <Command.Item
                      key={action.path}
                      value={action.path}
                      onSelect={() => go(action.path)}
                      className={itemClass}
                    >
                      <action.icon aria-hidden className="size-4 text-muted" />
                      {action.label}
                    </Command.Item>
                  ))}
                </Results>
              )}
              {found.groups.map((group) => (
                <Results key={group.heading} heading={group.heading}>
                  {group.items.map((item) => (
                    <Command.Item
                      key={item.path}
                      value={item.path}
                      onSelect={() => go(item.path)}
                      className={itemClass}
                    >
                      <span className="font-mono text-[12px]">{item.label}</span>
                      <span className="truncate text-muted">{item.note}</span>
                    </Command.Item>
                  ))}
                </Results>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Results({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-label [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

/** Asks the server a moment after the last keystroke. */
function useFoundWhileTyping(text: string): { busy: boolean; failed: boolean; groups: Found['groups'] } {
  const { load, data, state } = useFetcher<Found>({ key: 'palette' });
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < 3) return undefined;
    const timer = setTimeout(() => load(`/search?q=${encodeURIComponent(wanted)}`), 150);
    return () => clearTimeout(timer);
  }, [wanted, load]);
  const current = data?.text === wanted;
  return {
    busy: wanted.length >= 3 && (!current || state !== 'idle'),
    failed: current && data.failed === true,
    groups: current ? data.groups : [],
  };
}
