import { useId } from 'react';
import { Field } from '#app/components/field.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { IncidentChoices } from '#app/presenters/incident-page.ts';

/** How severe it is, with what each word means. */
export function SeverityField({ choices, chosen }: { choices: IncidentChoices['severities']; chosen: string }) {
  return (
    <fieldset className="flex flex-col">
      <legend className="text-label text-muted">Severity</legend>
      {choices.map(({ value, condition, word, means }) => (
        <label key={value} className="flex min-h-7 items-baseline gap-2 max-sm:min-h-10">
          <input
            type="radio"
            name="severity"
            value={value}
            required
            defaultChecked={value === chosen}
            className="translate-y-0.5 accent-accent"
          />
          <StatusMark condition={condition} word={word} />
          <span className="text-muted">{means}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Who leads, with the colleagues who may. */
export function LeadField({ leads, lead }: { leads: readonly string[]; lead: string }) {
  const list = useId();
  return (
    <>
      <Field
        label="Lead: e-mail address of a colleague"
        note="Empty: nobody leads yet."
        name="lead"
        type="email"
        list={list}
        defaultValue={lead}
        maxLength={200}
        autoComplete="off"
        className="sm:max-w-96"
      />
      <datalist id={list}>
        {leads.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}
