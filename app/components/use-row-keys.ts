import { useEffect, useRef, useState } from 'react';
import { isTyping } from './shortcuts.tsx';

interface RowKeys {
  count: number;
  onEnter: (index: number) => void;
  onSelect: (index: number) => void;
  onMove: (index: number) => void;
}

/** J and K move through rows, Enter opens the current one, X selects it. Nothing happens while somebody types. */
export function useRowKeys(keys: RowKeys): { index: number; set: (index: number) => void } {
  const [index, set] = useState(-1);
  const latest = useRef({ keys, index });
  useEffect(() => {
    latest.current = { keys, index };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { keys: current, index: at } = latest.current;
      const move = (to: number) => {
        const next = Math.min(Math.max(to, 0), current.count - 1);
        set(next);
        current.onMove(next);
      };
      if (event.key === 'j') move(at + 1);
      else if (event.key === 'k') move(at - 1);
      else if (event.key === 'x' && at >= 0) current.onSelect(at);
      else if (event.key === 'Enter' && at >= 0 && !onControl(event.target)) current.onEnter(at);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return { index: index < keys.count ? index : -1, set };
}

const onControl = (target: EventTarget | null) => target instanceof Element && target.closest('a, button') !== null;
