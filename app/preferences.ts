/** What a browser remembers of its owner's wishes, in cookies that the server reads: no flash, no mismatch. */
export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export interface Preferences {
  theme: Theme;
  /** IANA zone of the viewer; UTC until the browser has said. */
  timeZone: string;
  railCollapsed: boolean;
}

const yearInSeconds = 31_536_000;

function readCookies(header: string | null): Map<string, string> {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.flatMap(([name, value]) => (name && value ? [[name, decode(value)] as const] : [])));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function readPreferences(request: Request): Preferences {
  const cookies = readCookies(request.headers.get('cookie'));
  const zone = cookies.get('time_zone') ?? 'UTC';
  return {
    theme: themes.find((theme) => theme === cookies.get('theme')) ?? 'system',
    timeZone: isTimeZone(zone) ? zone : 'UTC',
    railCollapsed: cookies.get('rail') === 'collapsed',
  };
}

/** Remembers a wish in this browser for a year. These cookies hold no secret and decide nothing but looks. */
export function rememberPreference(name: 'theme' | 'time_zone' | 'rail', value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${yearInSeconds}; samesite=lax`;
}
