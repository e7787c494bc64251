const origin = 'http://console.invalid';

/** Parameter of the sign-in page: who is sent there was signed in before. */
export const endedParam = 'ended';

/**
 * Path and query to return to after signing in, without the suffix and marker of Remix's data requests. A form's address
 * may show nothing by itself, so who sent one returns to the page it stood on.
 */
export function nextOf(request: Request): string {
  const page = request.method === 'GET' ? request.url : (request.headers.get('referer') ?? origin);
  const url = new URL(URL.canParse(page) ? page : origin);
  url.searchParams.delete('_routes');
  const path = url.pathname.replace(/\.data$/, '').replace(/^\/_root$/, '/');
  return `${path}${url.search}`;
}

/** A path of this console, or `/`: anything that would leave the origin is dropped. */
export function safeNext(wanted: string | null): string {
  if (!wanted || !wanted.startsWith('/') || /[\\\p{Cc}]/u.test(wanted)) return '/';
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : undefined;
  return url?.origin === origin && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
}
