import { useId, type InputHTMLAttributes } from 'react';
import { Field } from '#app/components/field.tsx';

interface TargetFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** What codes of the same kind lead to in the same system. */
  known: readonly string[];
}

/** What a code becomes, as the form's field `target`: what its like become already is offered, anything else may be written. */
export function TargetField({ known, ...input }: TargetFieldProps) {
  const list = useId();
  const [example] = known;
  return (
    <div>
      <Field
        name="target"
        required
        maxLength={200}
        list={list}
        autoComplete="off"
        placeholder={example === undefined ? '' : `for example ${example}`}
        {...input}
      />
      <datalist id={list}>
        {known.map((target) => (
          <option key={target} value={target} />
        ))}
      </datalist>
    </div>
  );
}
