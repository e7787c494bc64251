import { clsx } from 'clsx';
import {
  forwardRef,
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';

export const inputClass =
  'h-8 w-full rounded border border-line-strong bg-raised px-2 text-body text-text placeholder:text-muted aria-invalid:border-bad max-sm:h-10 max-sm:text-[16px]';

interface Labelled {
  label: string;
  /** What is wrong with the value and what would be right. */
  problem?: string | undefined;
  note?: ReactNode;
  hideLabel?: boolean;
}

interface Wiring {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

function FieldFrame(props: Labelled & { className?: string | undefined; control: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = props.problem || props.note ? `${id}-note` : undefined;
  return (
    <div className={clsx('flex flex-col gap-1', props.className)}>
      <label htmlFor={id} className={props.hideLabel ? 'sr-only' : 'text-label text-muted'}>
        {props.label}
      </label>
      {props.control({ id, 'aria-invalid': props.problem ? true : undefined, 'aria-describedby': described })}
      {described && (
        <p id={described} className={clsx('text-label', props.problem ? 'text-bad' : 'text-muted')}>
          {props.problem ?? props.note}
        </p>
      )}
    </div>
  );
}

export function Field({
  label,
  problem,
  note,
  hideLabel,
  className,
  ...input
}: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <FieldFrame
      {...{ label, problem, note, hideLabel: hideLabel ?? false, className }}
      control={(wiring) => <input {...wiring} {...input} className={inputClass} />}
    />
  );
}

export const TextArea = forwardRef<HTMLTextAreaElement, Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>>(
  function TextArea({ label, problem, note, hideLabel, className, ...input }, ref) {
    return (
      <FieldFrame
        {...{ label, problem, note, hideLabel: hideLabel ?? false, className }}
        control={(wiring) => (
          <textarea
            ref={ref}
            rows={3}
            {...wiring}
            {...input}
            className={clsx(inputClass, 'h-auto py-1.5 max-sm:h-auto')}
          />
        )}
      />
    );
  },
);

/** One of a few; `empty` is the words for none of them. */
export function Select({
  label,
  problem,
  note,
  hideLabel,
  className,
  options,
  empty,
  ...select
}: Labelled &
  SelectHTMLAttributes<HTMLSelectElement> & { options: readonly { value: string; label: string }[]; empty: string }) {
  return (
    <FieldFrame
      {...{ label, problem, note, hideLabel: hideLabel ?? false, className }}
      control={(wiring) => (
        <select {...wiring} {...select} className={inputClass}>
          <option value="">{empty}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}
