import { Field, inputClass } from '#app/components/field.tsx';

export interface MappingChoices {
  kinds: readonly { value: string; label: string }[];
  systems: readonly { value: string; label: string }[];
}

/** A mapping as a form's fields `mapping_kind`, `system`, `code` and `target`. */
export function MappingFields({
  choices,
  missing,
}: {
  choices: MappingChoices;
  /** What is known to be missing: only what it means is left to be said. */
  missing?: { kind: string; system: string; code: string } | undefined;
}) {
  return (
    <div className="grid gap-3 sm:grid-cols-4">
      <Select label="Kind" name="mapping_kind" options={choices.kinds} initial={missing?.kind} />
      <Select label="Of the system" name="system" options={choices.systems} initial={missing?.system} />
      <Field label="This code" name="code" required maxLength={200} defaultValue={missing?.code} />
      <Field label="Becomes" name="target" required maxLength={200} />
    </div>
  );
}

function Select(props: {
  label: string;
  name: string;
  options: readonly { value: string; label: string }[];
  initial?: string | undefined;
}) {
  return (
    <label className="flex flex-col gap-1 text-label text-muted">
      {props.label}
      <select name={props.name} className={inputClass} defaultValue={props.initial}>
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
