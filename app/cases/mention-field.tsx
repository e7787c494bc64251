import { useFetcher } from '@remix-run/react';
import { clsx } from 'clsx';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { TextArea } from '#app/components/field.tsx';
import type { ColleaguesAnswer } from '#app/routes/quarantine.colleagues.ts';
import { commentLimit, mentionAt } from './mentions.ts';

const mostOffered = 6;

/** A comment in which @ offers colleagues; arrows choose, Enter or Tab takes one, Escape closes the list. */
export function MentionField({ field, autoFocus }: { field?: Ref<HTMLTextAreaElement>; autoFocus?: boolean }) {
  const { load, data, state } = useFetcher<ColleaguesAnswer>();
  const [text, setText] = useState('');
  const [caret, setCaret] = useState(0);
  const [closed, setClosed] = useState(false);
  const [index, setIndex] = useState(0);
  const listId = useId();
  const own = useRef<HTMLTextAreaElement | null>(null);
  const mention = closed ? undefined : mentionAt(text, caret);
  const offered = mention
    ? (data?.emails.filter((email) => email.includes(mention.begun) && email !== mention.begun).slice(0, mostOffered) ??
      [])
    : [];
  const chosen = offered[Math.min(index, offered.length - 1)];
  const open = chosen !== undefined;
  useEffect(() => {
    if (!open) return undefined;
    // Before a dialog around the field hears of it: Escape closes the list alone.
    const onEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape' || event.target !== own.current) return;
      event.preventDefault();
      event.stopPropagation();
      setClosed(true);
    };
    addEventListener('keydown', onEscape, { capture: true });
    return () => removeEventListener('keydown', onEscape, { capture: true });
  }, [open]);

  const read = (element: HTMLTextAreaElement) => {
    setText(element.value);
    setCaret(element.selectionStart);
    setClosed(false);
    setIndex(0);
    if (data === undefined && state === 'idle' && element.value.includes('@')) load('/quarantine/colleagues');
  };
  const take = (email: string) => {
    const element = own.current;
    if (!mention || element === null) return;
    // Through the element itself, so that undo and the form know of it.
    element.setRangeText(`${email} `, mention.from, caret, 'end');
    element.focus();
    read(element);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (chosen === undefined) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setIndex((index + step + offered.length) % offered.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <div className="relative">
      <TextArea
        ref={(element) => {
          own.current = element;
          if (typeof field === 'function') field(element);
          else if (field) (field as { current: HTMLTextAreaElement | null }).current = element;
        }}
        label="Comment"
        name="note"
        rows={2}
        required
        maxLength={commentLimit}
        autoFocus={autoFocus}
        placeholder="@ mentions a colleague"
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? listId : undefined}
        aria-activedescendant={chosen ? `${listId}-${chosen}` : undefined}
        onChange={(event) => read(event.currentTarget)}
        onKeyDown={onKeyDown}
        onBlur={() => setClosed(true)}
      />
      {offered.length > 0 && (
        <ul
          id={listId}
          role="listbox"
          aria-label="Colleagues"
          // A dialog would cut off what hangs over its edge: there the list takes room of its own.
          className="absolute inset-x-0 top-full z-20 mt-1 in-[[role=dialog]]:static rounded border border-line-strong bg-raised py-1"
        >
          {offered.map((email) => (
            <li
              key={email}
              id={`${listId}-${email}`}
              role="option"
              aria-selected={email === chosen}
              // Before the field loses focus.
              onMouseDown={(event) => {
                event.preventDefault();
                take(email);
              }}
              className={clsx('cursor-pointer px-2 py-1 break-words', email === chosen && 'bg-accent-soft')}
            >
              {email}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
