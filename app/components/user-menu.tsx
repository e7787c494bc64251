import { Link, useSubmit } from '@remix-run/react';
import { Check, Keyboard, KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { rememberPreference, themes, type Theme } from '#app/preferences.ts';

const themeLooks: Record<Theme, { label: string; icon: typeof Sun }> = {
  system: { label: 'As the system', icon: Monitor },
  light: { label: 'Light', icon: Sun },
  dark: { label: 'Dark', icon: Moon },
};

const itemClass =
  'flex h-8 items-center gap-2 rounded px-2 outline-none select-none data-[highlighted]:bg-hover max-sm:h-10';

interface UserMenuProps {
  name: string;
  email: string;
  roles: readonly string[];
  theme: Theme;
  onShortcuts: () => void;
}

export function UserMenu({ name, email, roles, theme: initial, onShortcuts }: UserMenuProps) {
  const [theme, setTheme] = useState(initial);
  const submit = useSubmit();
  const choose = (next: Theme) => {
    setTheme(next);
    rememberPreference('theme', next);
    document.documentElement.dataset['theme'] = next;
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="flex size-8 shrink-0 items-center justify-center rounded-full border border-line-strong bg-raised text-label font-semibold hover:bg-hover">
        <span className="sr-only">Account of {name}</span>
        <span aria-hidden>{initials(name)}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 w-60 rounded border border-line-strong bg-raised p-1"
        >
          <div className="px-2 py-1.5">
            <p className="truncate font-medium">{name}</p>
            <p className="truncate text-label text-muted">{email}</p>
            <p className="text-label text-muted">{roles.join(', ')}</p>
          </div>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup value={theme}>
            {themes.map((id) => {
              const { label, icon: Icon } = themeLooks[id];
              return (
                <DropdownMenu.RadioItem key={id} value={id} onSelect={() => choose(id)} className={itemClass}>
                  <Icon aria-hidden className="size-4 text-muted" />
                  {label}
                  <DropdownMenu.ItemIndicator className="ml-auto">
                    <Check aria-hidden className="size-4" />
                  </DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              );
            })}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item asChild className={itemClass}>
            <Link to="/account">
              <KeyRound aria-hidden className="size-4 text-muted" />
              Change password
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={itemClass} onSelect={onShortcuts}>
            <Keyboard aria-hidden className="size-4 text-muted" />
            Keyboard shortcuts
            <kbd className="ml-auto text-label text-muted">?</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className={itemClass}
            onSelect={() => submit(null, { method: 'post', action: '/sign-out' })}
          >
            <LogOut aria-hidden className="size-4 text-muted" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.charAt(0) ?? '')
    .join('')
    .toUpperCase();
}
