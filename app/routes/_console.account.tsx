import {
  data,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { PasswordForm } from '#app/account/password-form.tsx';
import { requireUser } from '#app/auth/guard.ts';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { passwordLength } from '#platform/password.ts';

export const meta: MetaFunction = () => [{ title: 'Your account · Syncline' }];

/** Retry-After goes with a refusal also where the form was sent without script. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export function loader(args: LoaderFunctionArgs) {
  const { name, email, roles } = requireUser(args);
  return { name, email, roles, shortest: passwordLength.min };
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requireUser(args);
  const form = await args.request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const result = await args.context.changePassword({
    viewer,
    current: text('current'),
    wanted: text('wanted'),
    repeated: text('repeated'),
    address: args.context.clientAddress,
    cookieHeader: args.request.headers.get('cookie') ?? undefined,
  });
  if (result.ok) return data({ ok: true as const }, { headers: { 'set-cookie': result.cookie } });
  const { status, retryAfterS, ...refusal } = result;
  const after = retryAfterS === undefined ? {} : { headers: { 'retry-after': String(retryAfterS) } };
  return data(refusal, { status, ...after });
}

export default function Account() {
  const { name, email, roles, shortest } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <Page title="Your account">
      <div className="flex max-w-xl flex-col gap-4">
        <Panel title="You">
          <Facts
            facts={[
              ['Name', name],
              ['E-mail', email],
              ['Roles', roles.join(', ')],
            ]}
          />
        </Panel>
        <Panel title="Password">
          <PasswordForm email={email} shortest={shortest} result={result} />
        </Panel>
      </div>
    </Page>
  );
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
