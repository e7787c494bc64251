import { Form, useNavigation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import type { PasswordField } from '#app/auth/change-password.ts';
import { Button } from '#app/components/button.tsx';
import { Field } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';

interface PasswordFormProps {
  /** Whose password it is: a password manager keeps the new one under this name. */
  email: string;
  /** Fewest characters of a password. */
  shortest: number;
  result: { ok: true } | { ok: false; message: string; field?: PasswordField | undefined } | undefined;
}

/** Changes one's own password. What became of it stands below the button, so that nothing moves. */
export function PasswordForm({ email, shortest, result }: PasswordFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const busy = useNavigation().formMethod === 'POST';
  useEffect(() => {
    if (result?.ok === true) form.current?.reset();
    if (result?.ok === false && result.field !== undefined)
      form.current?.querySelector<HTMLInputElement>(`[name="${result.field}"]`)?.focus();
  }, [result]);
  const problemOf = (field: PasswordField) =>
    result?.ok === false && result.field === field ? result.message : undefined;
  return (
    <Form ref={form} method="post" className="flex max-w-sm flex-col gap-4">
      <input type="text" autoComplete="username" defaultValue={email} readOnly hidden />
      <Field
        label="Current password"
        name="current"
        type="password"
        autoComplete="current-password"
        required
        maxLength={256}
        problem={problemOf('current')}
        note="What you sign in with now."
      />
      <Field
        label="New password"
        name="wanted"
        type="password"
        autoComplete="new-password"
        required
        maxLength={256}
        problem={problemOf('wanted')}
        note={`At least ${shortest} characters.`}
      />
      <Field
        label="New password again"
        name="repeated"
        type="password"
        autoComplete="new-password"
        required
        maxLength={256}
        problem={problemOf('repeated')}
        note="So that a slip of the finger does not lock you out."
      />
      <Button type="submit" look="primary" busy={busy} className="self-start max-sm:h-11 max-sm:self-stretch">
        Change password
      </Button>
      <p className="text-label text-muted">You stay signed in here; everywhere else your sessions end.</p>
      {result?.ok === true && (
        <Notice kind="good" title="Your password is changed">
          Your sessions in other browsers have ended. This change is in the audit trail.
        </Notice>
      )}
      {result?.ok === false && result.field === undefined && <Notice kind="bad">{result.message}</Notice>}
    </Form>
  );
}
