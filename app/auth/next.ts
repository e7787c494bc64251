const origin = 'http://console.invalid';

/** Path and query to return to after signing in, without the suffix and marker of Remix's data requests. */
export function nextOf(request: Request): string {
  const url = new URL(request.url);
  if (request.method !== 'GET') return '/';
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
