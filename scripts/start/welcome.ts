import { join } from 'node:path';
import pc from 'picocolors';
import { role } from '#contracts/v1/permissions.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { addressOf } from './accounts.ts';
import type { Ports, StartOptions } from './options.ts';
import type { Secrets } from './secrets.ts';
import { local } from './services.ts';

export interface Welcome {
  options: StartOptions;
  ports: Ports;
  secrets: Secrets;
  estate: Estate;
  tookMs: number;
}

/** What a person needs next: where the console is, how to get in, where to send orders, how to stop. */
export function welcome({ options, ports, secrets, estate, tookMs }: Welcome): void {
  const signIns = role.options
    .toReversed()
    .map((held) => ({ email: addressOf(held), password: secrets.passwords[addressOf(held)] }))
    .filter((entry) => entry.password !== undefined)
    .map(({ email, password }) => `    ${email.padEnd(34)} ${password}`);
  const lines = [
    '',
    `  ${pc.bold('Syncline is ready')} ${pc.dim(`after ${(tookMs / 1000).toFixed(0)} s`)} — estate "${estate.name}"${estate.simulated && options.demo ? ', simulated' : ''}`,
    '',
    `  Console   ${pc.cyan(local(ports.console))}`,
    `  Intake    ${pc.cyan(local(ports.intake))}   API description: ${local(ports.intake)}/openapi.json`,
    `  Data      ${options.dataDir}`,
    '',
    '  Sign in with',
    ...signIns,
    pc.dim(`    (first passwords; kept in ${join(options.dataDir, 'secrets.json')}, readable by you only)`),
    '',
    `  Ctrl-C stops everything. In another terminal: ${pc.cyan('npx syncline --help')}`,
    '',
  ];
  console.log(lines.join('\n'));
}
