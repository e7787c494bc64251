import { type Command, Option } from 'commander';
import { z } from 'zod';
import { role, type Role } from '#contracts/v1/permissions.ts';
import { openUsers, UserError } from '#platform/users.ts';
import { newPassword } from '../start/secrets.ts';
import { words } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { withNats } from './connection.ts';
import { printJson, printRows } from './output.ts';

export function addUserCommands(program: Command): void {
  const users = program.command('users').description('people who may sign in to the console');
  users.command('list').description('everybody, by e-mail address').option('--json', 'print as JSON').action(list);
  users
    .command('add')
    .description('create a sign-in; without SYNCLINE_PASSWORD in the environment a password is made up and printed')
    .argument('<email>')
    .addOption(new Option('--role <role...>', 'one or more roles').choices(role.options).makeOptionMandatory())
    .option('--name <name>', 'as the console shows it (default: the part before the @)', words(100))
    .option('--json', 'print as JSON')
    .action(add);
}

/** Where each field of a sign-in comes from. */
const sourceOf: Readonly<Record<string, string>> = {
  email: '<email>',
  name: '--name',
  roles: '--role',
  password: 'SYNCLINE_PASSWORD',
};

async function list(options: { json?: boolean }, command: Command): Promise<void> {
  const everybody = await withNats(command, async (nats) => (await openUsers(nats)).list());
  const rows = everybody.map(({ password_hash: _hash, epoch: _epoch, ...shown }) => shown);
  printRows(
    rows,
    [
      { head: 'E-MAIL', of: (row) => row.email },
      { head: 'NAME', of: (row) => row.name },
      { head: 'ROLES', of: (row) => row.roles.join(', ') },
      { head: 'STATE', of: (row) => (row.disabled ? 'disabled' : 'active') },
    ],
    options.json ?? false,
  );
}

async function add(
  email: string,
  options: { role: Role[]; name?: string; json?: boolean },
  command: Command,
): Promise<void> {
  const given = process.env['SYNCLINE_PASSWORD'];
  const password = given || newPassword();
  const name = options.name ?? email.split('@')[0] ?? email;
  try {
    const created = await withNats(command, async (nats) =>
      (await openUsers(nats)).create({ email, name, roles: options.role, password }),
    );
    const shown = { id: created.id, email: created.email, roles: created.roles, ...(given ? {} : { password }) };
    if (options.json) printJson(shown);
    else console.log(`Created ${created.email} (${created.roles.join(', ')}).${given ? '' : ` Password: ${password}`}`);
  } catch (error) {
    if (error instanceof UserError) throw new CliError(error.message);
    if (error instanceof z.ZodError)
      throw new CliError(
        error.issues
          .map((issue) => `${sourceOf[String(issue.path[0])] ?? issue.path.join('.')}: ${issue.message}.`)
          .join('\n'),
      );
    throw error;
  }
}
