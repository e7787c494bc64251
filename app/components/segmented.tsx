import { clsx } from 'clsx';

/** One choice of a few, side by side, in a form. */
export function Segmented<Value extends string>(props: {
  name: string;
  label: string;
  choices: readonly (readonly [Value, string])[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset>
      <legend className="sr-only">{props.label}</legend>
      <div className="flex w-fit rounded border border-line-strong bg-raised">
        {props.choices.map(([value, word]) => (
          <label
            key={value}
            className={clsx(
              'flex h-[30px] cursor-pointer items-center px-3 first:rounded-l-[5px] last:rounded-r-[5px] has-focus-visible:outline-2 has-focus-visible:outline-accent max-sm:h-auto max-sm:min-h-10 max-sm:py-1 max-sm:leading-tight',
              value === props.value ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={value === props.value}
              onChange={() => props.onChange(value)}
              className="sr-only"
            />
            {word}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
