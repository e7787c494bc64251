import { z } from 'zod';
import type { System } from '#contracts/v1/estate.ts';
import type { WarningSeverity } from '#contracts/v1/warning.ts';

const DAY_MS = 86_400_000;
/** Days before its end that something is warned of, and from which on it presses. */
const AHEAD = 30;
const SOON = 7;

/** A secret or another credential whose end the estate file says. */
export interface DatedCredential {
  /** The setting that holds it. */
  setting: string;
  ends: Date;
}

const PREFIX = 'expires.';

/** Settings `expires.<setting>: 2027-03-31`; a day lasts until its end in UTC. @throws Error naming one that is no day */
export function datedCredentials({ id, settings }: Pick<System, 'id' | 'settings'>): DatedCredential[] {
  return Object.entries(settings)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, day]) => {
      const setting = name.slice(PREFIX.length);
      // Date.parse takes the 31st of February for a day in March.
      if (!z.iso.date().safeParse(day).success)
        throw new Error(
          `The setting ${name} of the system "${id}" is "${day}"; expected a day, for example 2027-03-31.`,
        );
      if (settings[setting] === undefined)
        throw new Error(`The setting ${name} of the system "${id}" is about "${setting}", which is not there.`);
      return { setting, ends: new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS) };
    });
}

interface Server {
  host: string;
  port: number;
}

/** Ports of what is spoken by TLS from the start. */
const usualPorts: Record<string, number> = { 'https:': 443, 'smtps:': 465 };

/** Servers of a system that show a certificate: of its base URL and of settings that end in `_url`, but for links for people. */
export function tlsServers({ base_url, settings }: Pick<System, 'base_url' | 'settings'>): Server[] {
  const others = Object.entries(settings).filter(([name]) => name.endsWith('_url') && name !== 'admin_url');
  const servers = [base_url, ...others.map(([, value]) => value)].flatMap(serverOf);
  return [...new Map(servers.map((one) => [`${one.host}:${one.port}`, one])).values()];
}

function serverOf(text: string): Server[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usual = url && usualPorts[url.protocol];
  if (url === undefined || usual === undefined) return [];
  return [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usual }];
}

/** How pressing an end is and how far away, in words; undefined where it is far. Pure. */
export function endingOf(ends: Date, now: Date): { severity: WarningSeverity; words: string } | undefined {
  const days = Math.floor((ends.getTime() - now.getTime()) / DAY_MS);
  if (days >= AHEAD) return undefined;
  const day = ends.toISOString().slice(0, 16).replace('T', ' ');
  const words =
    days < 0
      ? `ended at ${day} UTC`
      : `ends at ${day} UTC, ${days === 0 ? 'within a day' : days === 1 ? 'in a day' : `in ${days} days`}`;
  return { severity: days < SOON ? 'bad' : 'warn', words };
}
