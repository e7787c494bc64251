import { useEffect, useRef } from 'react';
import { isTyping } from '#app/components/shortcuts.tsx';

/** What the keys of a case's page do; undefined where it cannot be done now. */
export interface CaseKeys {
  /** M: to the field that is wrong. */
  mark: (() => void) | undefined;
  /** S: takes the first suggested repair. */
  suggest: (() => void) | undefined;
  /** D: dry run. */
  dryRun: (() => void) | undefined;
  /** R: replay, with what was edited. */
  replay: (() => void) | undefined;
  /** C: to the comment. */
  comment: (() => void) | undefined;
}

const byKey: Readonly<Record<string, keyof CaseKeys>> = {
  m: 'mark',
  s: 'suggest',
  d: 'dryRun',
  r: 'replay',
  c: 'comment',
};

/** G begins the name of a place: the letter after it is not the page's. */
const afterGMs = 1_000;

/** Single letters while nobody types; Escape leaves the editor, so that they count again. */
export function useCaseKeys(keys: CaseKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let going = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target } = event;
      if (isTyping(target)) {
        if (event.key === 'Escape' && target instanceof HTMLElement) target.blur();
        return;
      }
      if (document.querySelector('[role="dialog"]') !== null) return;
      const elsewhere = Date.now() < going;
      going = event.key === 'g' ? Date.now() + afterGMs : 0;
      const name = elsewhere ? undefined : byKey[event.key];
      const act = name && latest.current[name];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
