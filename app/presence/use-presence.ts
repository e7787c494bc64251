import { useEffect, useRef, useState } from 'react';
import { useLiveContext } from '#app/live/live-provider.tsx';
import type { PresenceAnswer } from '#app/routes/quarantine.$caseId.presence.ts';
import { beatMs, type Present } from './present.ts';

const none: readonly Present[] = [];
const newTab = () => Math.random().toString(36).slice(2).padEnd(12, '0').slice(0, 12);

/** Says that this tab shows the case, for as long as it can be seen, and returns who else does. */
export function usePresence(caseId: string, editing: boolean): readonly Present[] {
  const [present, setPresent] = useState(none);
  const { listenPresence } = useLiveContext();
  const doing = useRef(editing);
  const path = `/quarantine/${encodeURIComponent(caseId)}/presence`;
  const beatNow = useRef<() => void>();

  useEffect(() => {
    const tab = newTab();
    let gone = false;
    const read = async (answer: Promise<Response>) => {
      const response = await answer.catch(() => undefined);
      if (response?.ok !== true || gone) return;
      setPresent(((await response.json()) as PresenceAnswer).present);
    };
    const form = (what: string) => new URLSearchParams({ tab, doing: what });
    const beat = () => {
      if (document.hidden) return;
      void read(fetch(path, { method: 'POST', body: form(doing.current ? 'editing' : 'looking') }));
    };
    // A page that goes away cannot wait for an answer; a beacon is sent all the same.
    const leave = () => navigator.sendBeacon(path, form('left'));
    beatNow.current = beat;
    beat();
    const timer = setInterval(beat, beatMs);
    const stop = listenPresence((id) => (id === caseId ? void read(fetch(path)) : undefined));
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', beat);
    return () => {
      gone = true;
      clearInterval(timer);
      stop();
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', beat);
      leave();
    };
  }, [caseId, path, listenPresence]);
  useEffect(() => {
    if (doing.current === editing) return;
    doing.current = editing;
    beatNow.current?.();
  }, [editing]);
  return present;
}
