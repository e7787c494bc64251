import { useInsertionEffect, useRef } from 'react';

/**
 * Radix gives focus back only to a trigger, which what is opened by a key or by a plain button has not.
 *
 * @param open when this becomes true, what has focus is kept
 * @returns for `onCloseAutoFocus`: gives focus back to that, or to the page where it is there no more. What somebody
 *   went to meanwhile keeps it.
 */
export function useFocusBack(open: boolean): (event: Event) => void {
  const had = useRef<HTMLElement | null>(null);
  // An effect would come too late: a field of the dialog may have focus as soon as it is drawn.
  useInsertionEffect(() => {
    if (open) had.current = openedFrom(document.activeElement);
  }, [open]);
  return (event) => {
    event.preventDefault();
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const to = had.current?.isConnected === true ? had.current : document.querySelector<HTMLElement>('main');
    to?.focus({ preventScroll: true });
  };
}

/**
 * An item of a menu goes with its menu: what opened the menu stays. What only a click reaches, such as a time in a cell,
 * stands for what Tab reaches around it: given focus again, it would show its tooltip.
 */
function openedFrom(active: Element | null): HTMLElement | null {
  const opener = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const had = opener ? document.getElementById(opener) : active;
  const element = had?.matches('[tabindex="-1"]') ? had.parentElement?.closest('[tabindex="0"]') : had;
  return element instanceof HTMLElement ? element : null;
}
