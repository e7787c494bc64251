import { Form, useNavigation, useSearchParams } from '@remix-run/react';
import { LoaderCircle, Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { inputClass } from './field.tsx';

/** Searches a list; several values may be pasted, one a line. "/" puts the cursor here. */
export function FindBox({ label, placeholder }: { label: string; placeholder: string }) {
  const [search] = useSearchParams();
  const navigation = useNavigation();
  const box = useRef<HTMLTextAreaElement>(null);
  const current = search.get('q') ?? '';
  const busy =
    navigation.state === 'loading' &&
    new URLSearchParams(navigation.location.search).get('q') !== (search.get('q') ?? null);
  useEffect(() => {
    if (box.current && box.current.value !== current) box.current.value = current;
  }, [current]);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <Form role="search" className="relative min-w-0 flex-1 max-sm:basis-full sm:max-w-md sm:min-w-56">
      {[...search]
        .filter(([name]) => name !== 'q' && name !== 'page')
        .map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
      <label className="sr-only" htmlFor="find">
        {label}
      </label>
      <span aria-hidden className="pointer-events-none absolute top-2 left-2 text-muted">
        {busy ? <LoaderCircle className="size-4 animate-spin" /> : <Search className="size-4" />}
      </span>
      <textarea
        id="find"
        ref={box}
        name="q"
        rows={1}
        defaultValue={current}
        placeholder={placeholder}
        aria-keyshortcuts="/"
        className={`${inputClass} block resize-none overflow-hidden py-1 pl-8 leading-[22px] whitespace-pre`}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
    </Form>
  );
}
