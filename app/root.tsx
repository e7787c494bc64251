import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
  useSearchParams,
} from '@remix-run/react';
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { ErrorPage } from '#app/components/error-page.tsx';
import { RouteError } from '#app/components/route-error.tsx';
import { ClockProvider } from '#app/components/clock.tsx';
import { useNonce } from '#app/nonce.ts';
import { readPreferences } from '#app/preferences.ts';
import stylesheet from './styles/console.css?url';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: stylesheet },
  { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
];

export const meta: MetaFunction = () => [{ title: 'Syncline' }];

export function loader({ request, context }: LoaderFunctionArgs) {
  return { preferences: readPreferences(request), now: context.now().toISOString() };
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const data = useRouteLoaderData<typeof loader>('root');
  const [search] = useSearchParams();
  const theme = search.get('wall') === '1' ? 'dark' : (data?.preferences.theme ?? 'system');
  return (
    <html lang="en-GB" data-theme={theme} suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <Tooltip.Provider delayDuration={250} skipDelayDuration={150}>
          <ClockProvider now={data?.now} timeZone={data?.preferences.timeZone ?? 'UTC'}>
            {children}
          </ClockProvider>
        </Tooltip.Provider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** Where not even the frame can be read: said as it is, and tried again until it can. */
export function ErrorBoundary() {
  const error = useRouteError();
  return (
    <main>
      {isRouteErrorResponse(error) && error.status === 404 ? <ErrorPage status={404} detail="" /> : <RouteError />}
    </main>
  );
}
