import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { Button } from './button.tsx';
import { useFocusBack } from './use-focus-back.ts';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** One line that says what this is for. */
  description?: string;
  children: ReactNode;
}

function Overlay() {
  return <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />;
}

function Head({ title, description }: { title: string; description: string | undefined }) {
  return (
    <div className="flex items-start gap-3 border-b border-line px-4 py-3">
      <div className="min-w-0 flex-1">
        <Radix.Title className="line-clamp-3 text-lead font-semibold break-words">{title}</Radix.Title>
        {description && <Radix.Description className="text-muted">{description}</Radix.Description>}
      </div>
      <Radix.Close aria-label="Close" className="rounded p-1 text-muted hover:bg-hover hover:text-text">
        <X aria-hidden className="size-4" />
      </Radix.Close>
    </div>
  );
}

/** A question or form over the page; Esc and a click outside close it. */
export function Dialog({ open, onOpenChange, title, description, children, wide }: Props & { wide?: boolean }) {
  const giveFocusBack = useFocusBack(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Overlay />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onCloseAutoFocus={giveFocusBack}
          className={clsx(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col rounded border border-line-strong bg-raised',
            wide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <Head title={title} description={description} />
          {/* Scrolled by the arrow keys too, where it only tells something. */}
          <div tabIndex={0} className="overflow-auto p-4">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** How a question in a dialog is answered: left alone, or confirmed by sending the form it stands in. */
export function DialogButtons(props: {
  leave: string;
  onLeave: () => void;
  confirm: string;
  danger?: boolean;
  busy: boolean;
}) {
  return (
    <div className="flex justify-end gap-2">
      <Button look="quiet" onClick={props.onLeave}>
        {props.leave}
      </Button>
      <Button type="submit" look={props.danger === true ? 'danger' : 'primary'} busy={props.busy}>
        {props.confirm}
      </Button>
    </div>
  );
}

/** A panel at the right edge that shows what a row stands for while the list stays usable. Full width on a phone. */
export function SidePanel({ open, onOpenChange, title, description, children }: Props) {
  const giveFocusBack = useFocusBack(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Portal>
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onInteractOutside={(event) => event.preventDefault()}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={giveFocusBack}
          className="fixed inset-y-0 right-0 z-40 flex w-full flex-col border-l border-line-strong bg-raised sm:w-[420px]"
        >
          <Head title={title} description={description} />
          <div tabIndex={0} className="flex-1 overflow-auto p-4">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
