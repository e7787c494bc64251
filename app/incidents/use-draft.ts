import type { useFetcher } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import type { IncidentResult } from '#app/commands/incident.ts';

/**
 * A text that is its writer's until the server has taken it over. What was typed on while it was under way is kept.
 *
 * @param field name by which the form sends it
 * @param onTaken is called once the server has it and the page is read again
 */
export function useDraft(
  { state, data, formData }: ReturnType<typeof useFetcher<IncidentResult>>,
  field: string,
  onTaken?: () => void,
): [text: string, write: (text: string) => void] {
  const [text, write] = useState('');
  const sent = useRef('');
  useEffect(() => {
    const sending = formData?.get(field);
    if (typeof sending === 'string') sent.current = sending;
  }, [formData, field]);
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    const taken = sent.current;
    write((now) => leftOf(now, taken));
    sent.current = '';
    onTaken?.();
    // Once for each answer.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  return [text, write];
}

/** What of a text was not sent yet. Where the sent part was changed meanwhile, all of it is kept. */
export const leftOf = (text: string, sent: string): string =>
  text.startsWith(sent) ? text.slice(sent.length).trimStart() : text;
