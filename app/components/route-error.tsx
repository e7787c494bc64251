import { isRouteErrorResponse, useRevalidator, useRouteError } from '@remix-run/react';
import { useEffect } from 'react';
import { Button } from './button.tsx';
import { ErrorPage } from './error-page.tsx';

const retryMs = 10_000;

/** A page of the console that failed: the frame stays, and what may pass is tried again by itself. */
export function RouteError() {
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  const refused = isRouteErrorResponse(error) && error.status < 500;
  useEffect(() => {
    if (refused) return undefined;
    const timer = setInterval(revalidate, retryMs);
    return () => clearInterval(timer);
  }, [refused, revalidate]);
  if (isRouteErrorResponse(error) && refused)
    return <ErrorPage status={error.status} detail={typeof error.data === 'string' ? error.data : ''} />;
  return (
    <>
      <ErrorPage status={503} detail="" />
      <div className="-mt-24 text-center">
        <Button onClick={() => revalidate()} busy={state === 'loading'}>
          Try now
        </Button>
      </div>
    </>
  );
}
