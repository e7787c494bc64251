import type { System } from '#contracts/v1/estate.ts';
import { certificateEnd } from './certificate.ts';
import type { Evaluator, Findings } from './evaluator.ts';
import { datedCredentials, endingOf, tlsServers } from './expiry.ts';

const EVERY_MS = 6 * 3_600_000;

/** Credentials whose end the estate file says, and certificates that systems show. @throws Error naming a setting that is wrong */
export function expiring({ systems, now }: { systems: readonly System[]; now: () => Date }): Evaluator {
  // What the file says is checked at the start, which stops with it.
  const dated = systems.map((system) => ({ system, credentials: datedCredentials(system) }));
  return {
    kind: 'credential_expiring',
    everyMs: EVERY_MS,
    async evaluate(signal) {
      const findings: Findings = { warnings: [], unknown: [] };
      for (const { system, credentials } of dated) {
        for (const { setting, ends } of credentials) reportCredential(system, setting, endingOf(ends, now()), findings);
        for (const server of tlsServers(system)) await look(system, server, now, findings, signal);
      }
      return findings;
    },
  };
}

function reportCredential(
  { id, name }: System,
  setting: string,
  ending: ReturnType<typeof endingOf>,
  { warnings }: Findings,
): void {
  if (ending === undefined) return;
  warnings.push({
    id: `credential ${id} ${setting}`,
    system: id,
    subject: `${name}: ${setting}`,
    severity: ending.severity,
    message: `The credential ${setting} of ${name} ${ending.words}. From then on ${name} refuses every call.`,
    remedy: `Have ${name} give a new one, put it where the estate names it, and move expires.${setting} on.`,
  });
}

async function look(
  { id, name }: System,
  { host, port }: { host: string; port: number },
  now: () => Date,
  { warnings, unknown }: Findings,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const about = { id: `certificate ${id} ${host}:${port}`, system: id, subject: `${name}: certificate of ${host}` };
  try {
    const ending = endingOf(await certificateEnd(host, port, signal), now());
    if (ending === undefined) return;
    warnings.push({
      ...about,
      severity: ending.severity,
      message: `The certificate that ${host} shows ${ending.words}. From then on Syncline no longer trusts it and every call fails.`,
      remedy: `Whoever runs ${host} renews it: ask them whether that is under way.`,
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    unknown.push({ ...about, message: `Its certificate could not be read: ${why}`.slice(0, 1000) });
  }
}
