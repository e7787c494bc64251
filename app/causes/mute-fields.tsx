import { useState } from 'react';
import { inputClass } from '#app/components/field.tsx';
import { instantOf, localText } from '#app/components/local-time.ts';

const weekMs = 7 * 86_400_000;

/** Until when: a date, so many more cases, or more than so many within an hour. */
export function MuteFields() {
  const [kind, setKind] = useState<'date' | 'count' | 'rate'>('date');
  const [local, setLocal] = useState(() => localText(new Date(Date.now() + weekMs)));
  const choice = (value: typeof kind) => ({
    type: 'radio',
    name: 'until',
    value,
    checked: kind === value,
    onChange: () => setKind(value),
    className: 'accent-accent',
  });
  const number = `${inputClass} w-20! shrink-0`;
  const row = 'flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1';
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-label text-muted">Until</legend>
      <div className={row}>
        <label className="flex items-center gap-2">
          <input {...choice('date')} autoFocus /> a date
        </label>
        <input
          type="datetime-local"
          aria-label="Date until which to mute"
          value={local}
          min={localText(new Date())}
          required={kind === 'date'}
          disabled={kind !== 'date'}
          onChange={(event) => setLocal(event.target.value)}
          className={`${inputClass} w-52! disabled:opacity-50`}
        />
        <input type="hidden" name="at" value={instantOf(local)} />
      </div>
      <div className={row}>
        <label className="flex items-center gap-2">
          <input {...choice('count')} /> a number of cases:
        </label>
        <input
          type="number"
          name="cases"
          aria-label="More cases"
          min={1}
          max={1_000_000}
          defaultValue={10}
          required={kind === 'count'}
          disabled={kind !== 'count'}
          className={`${number} disabled:opacity-50`}
        />
        <span>more have come</span>
      </div>
      <div className={row}>
        <label className="flex items-center gap-2">
          <input {...choice('rate')} /> a rate: more than
        </label>
        <input
          type="number"
          name="cases_per_hour"
          aria-label="Cases within an hour"
          min={1}
          max={1_000_000}
          defaultValue={20}
          required={kind === 'rate'}
          disabled={kind !== 'rate'}
          className={`${number} disabled:opacity-50`}
        />
        <span>cases within an hour</span>
      </div>
    </fieldset>
  );
}
