import { clsx } from 'clsx';
import { LoaderCircle } from 'lucide-react';
import { forwardRef, type ButtonHTMLAttributes } from 'react';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';

const looks: Record<ButtonLook, string> = {
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  secondary: 'border-line-strong bg-raised hover:bg-hover',
  quiet: 'border-transparent text-muted hover:bg-hover hover:text-text',
  danger: 'border-bad bg-raised text-bad hover:bg-bad-soft',
};

/** The class names of a button, for links that look like one. */
export const buttonClass = (look: ButtonLook = 'secondary', className?: string): string =>
  clsx(
    'inline-flex h-8 items-center justify-center gap-1.5 rounded border px-3 font-medium whitespace-nowrap select-none',
    'disabled:opacity-50',
    looks[look],
    className,
  );

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  /** Shows progress at once and refuses a second click. */
  busy?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look, busy, className, children, type = 'button', disabled, ...rest },
  ref,
) {
  return (
    <button
      ref={ref}
      type={type}
      disabled={disabled === true || busy === true}
      aria-busy={busy}
      className={buttonClass(look, className)}
      {...rest}
    >
      {busy && <LoaderCircle aria-hidden className="size-3.5 animate-spin" />}
      {children}
    </button>
  );
});
