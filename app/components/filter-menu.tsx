import { useSearchParams } from '@remix-run/react';
import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { buttonClass } from './button.tsx';

interface FilterMenuProps {
  /** Parameter in the address; may occur several times. */
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
  /** At most one value. */
  single?: boolean;
}

/** Chooses values of one filter; each choice is in the address at once and starts the list at its first page. */
export function FilterMenu({ name, label, options, single = false }: FilterMenuProps) {
  const [search, setSearch] = useSearchParams();
  const chosen = search.getAll(name);
  const toggle = (value: string) => {
    const next = new URLSearchParams(search);
    const on = chosen.includes(value);
    const kept = single ? [] : chosen.filter((one) => one !== value);
    next.delete(name);
    next.delete('page');
    for (const one of on ? kept : [...kept, value]) next.append(name, one);
    setSearch(next, { preventScrollReset: true });
  };
  if (options.length === 0) return null;
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass('secondary')}>
        {label}
        {chosen.length > 0 && (
          <span className="rounded bg-accent-soft px-1 text-label text-accent">{chosen.length}</span>
        )}
        <ChevronDown aria-hidden className="size-3.5 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[60vh] w-60 overflow-auto rounded border border-line-strong bg-raised p-2"
        >
          {options.map((option) => (
            <label
              key={option.value}
              className="flex min-h-8 items-center gap-2 rounded px-2 py-1 hover:bg-hover max-sm:min-h-10"
            >
              <input
                type={single ? 'radio' : 'checkbox'}
                checked={chosen.includes(option.value)}
                onChange={() => toggle(option.value)}
                onClick={() => (single && chosen.includes(option.value) ? toggle(option.value) : undefined)}
              />
              {option.label}
            </label>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
