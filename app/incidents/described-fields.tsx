import { useState, type ReactNode } from 'react';
import { Field } from '#app/components/field.tsx';
import { instantOf, localText } from '#app/components/local-time.ts';
import type { IncidentChoices } from '#app/presenters/incident-page.ts';

interface DescribedFieldsProps {
  choices: IncidentChoices;
  title: string;
  /** RFC 3339; empty for now. */
  since: string;
  affected: { systems: readonly string[]; channels: readonly string[]; flows: readonly string[] };
  /** What stands behind the title. */
  children?: ReactNode;
}

/** Title, beginning and what is affected: what is said when an incident is raised, and put right later. */
export function DescribedFields({ choices, title, since, affected, children }: DescribedFieldsProps) {
  return (
    <>
      <Field
        label="What is wrong, and with what"
        name="title"
        required
        maxLength={140}
        defaultValue={title}
        autoComplete="off"
        autoFocus
        placeholder="NetSuite refuses invoices"
      />
      {children}
      <TimeField name="since" label="Began (your time)" at={since} note={since === '' ? 'Empty: now.' : undefined} />
      <Choices legend="Systems affected" name="system" options={choices.systems} chosen={affected.systems} />
      <Choices legend="Channels affected" name="channel" options={choices.channels} chosen={affected.channels} />
      <Choices legend="Flows affected" name="flow" options={choices.flows} chosen={affected.flows} />
    </>
  );
}

/** A time on the browser's clock, sent as an instant. What is left alone is sent as it was, to the millisecond. */
export function TimeField({
  name,
  label,
  at,
  note,
}: {
  name: string;
  label: string;
  at: string;
  note?: string | undefined;
}) {
  const [local, setLocal] = useState<string>();
  const instant = local === undefined ? at : instantOf(local);
  return (
    <>
      <input type="hidden" name={name} value={instant} />
      <Field
        label={label}
        note={note}
        type="datetime-local"
        className="sm:max-w-60"
        value={local ?? localText(at)}
        onChange={(event) => setLocal(event.target.value)}
        suppressHydrationWarning
      />
    </>
  );
}

function Choices(props: {
  legend: string;
  name: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
}) {
  return (
    <fieldset>
      <legend className="text-label text-muted">{props.legend}</legend>
      <div className="flex flex-wrap gap-x-4">
        {props.options.map(({ value, label }) => (
          <label key={value} className="flex min-h-7 items-center gap-1.5 max-sm:min-h-10">
            <input
              type="checkbox"
              name={props.name}
              value={value}
              defaultChecked={props.chosen.includes(value)}
              className="accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
