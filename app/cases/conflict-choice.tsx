import { clsx } from 'clsx';
import type { ShownConflict } from '#app/commands/case-payload.ts';
import type { Side } from '#app/payloads/merge.ts';

interface ConflictChoiceProps {
  conflict: ShownConflict;
  who: string;
  choice: Side | undefined;
  onChoose: (side: Side) => void;
}

/** One field that two people changed: what each made of it, side by side. */
export function ConflictChoice({ conflict, who, choice, onChoose }: ConflictChoiceProps) {
  const sides: readonly [Side, string, string | undefined][] = [
    ['mine', 'Mine', conflict.mine],
    ['theirs', `${who}’s`, conflict.theirs],
  ];
  return (
    <fieldset className="mt-2 min-w-0 rounded border border-line-strong bg-raised p-2">
      <legend className="px-1 font-medium break-words">{conflict.where}</legend>
      <p className="text-label text-muted">
        was <Value json={conflict.base} />
      </p>
      <div className="mt-1 grid gap-2 sm:grid-cols-2">
        {sides.map(([side, label, json]) => (
          <label
            key={side}
            className={clsx(
              'flex min-w-0 items-start gap-2 rounded border px-2 py-1.5',
              choice === side ? 'border-accent bg-accent-soft' : 'border-line hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={`choice ${conflict.path}`}
              className="mt-1 accent-accent"
              checked={choice === side}
              onChange={() => onChoose(side)}
            />
            <span className="min-w-0">
              <span className="block text-label break-words text-muted">{label}</span>
              <Value json={json} />
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const Value = ({ json }: { json: string | undefined }) =>
  json === undefined ? (
    <i>not there</i>
  ) : (
    <code className="font-mono text-[12px] break-all whitespace-pre-wrap">{json}</code>
  );
