import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { endedParam, safeNext } from '#app/auth/next.ts';
import { Button } from '#app/components/button.tsx';
import { Field } from '#app/components/field.tsx';
import { Logo } from '#app/components/logo.tsx';
import { Notice } from '#app/components/state-notice.tsx';

export const meta: MetaFunction = () => [{ title: 'Sign in · Syncline' }];

/** Retry-After goes with a refusal also where the form was sent without script. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

const nextFrom = (request: Request) => safeNext(new URL(request.url).searchParams.get('next'));

export function loader({ request, context }: LoaderFunctionArgs) {
  if (context.viewer) throw redirect(nextFrom(request));
  const ended = new URL(request.url).searchParams.has(endedParam);
  return { estate: context.estate.name, simulated: context.estate.simulated, ended };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const result = await context.signIn({
    email: text('email').slice(0, 254),
    password: text('password'),
    address: context.clientAddress,
    cookieHeader: request.headers.get('cookie') ?? undefined,
  });
  if (result.ok) throw redirect(nextFrom(request), { headers: { 'set-cookie': result.cookie } });
  const headers = result.retryAfterS === undefined ? undefined : { 'retry-after': String(result.retryAfterS) };
  return data({ message: result.message }, { status: result.status, ...(headers ? { headers } : {}) });
}

export default function SignInPage() {
  const { estate, simulated, ended } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const navigation = useNavigation();
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 p-6">
      <div className="flex items-center gap-3">
        <Logo className="size-9" />
        <div>
          <h1 className="text-title font-semibold">Syncline</h1>
          <p className="text-muted">
            {estate}
            {simulated && ' (simulated)'}
          </p>
        </div>
      </div>
      <Form method="post" className="flex w-full max-w-80 flex-col gap-4 rounded border border-line bg-raised p-5">
        {refused && <Notice kind="bad">{refused.message}</Notice>}
        {ended && !refused && <Notice kind="info">Your session has ended. Sign in again.</Notice>}
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus maxLength={254} />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
        />
        <Button type="submit" look="primary" busy={navigation.state !== 'idle'} className="max-sm:h-11">
          Sign in
        </Button>
      </Form>
    </main>
  );
}
