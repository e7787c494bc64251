import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { repair, type Repair } from '#contracts/v1/repair.ts';
import { CliError, exitCodes } from './cli-error.ts';

export interface RepairOptions {
  patch?: string;
  mapping?: string;
  again?: boolean;
}

/** The ways to say what cures: exactly one of them. */
export function withRepair(command: Command, options: { again: boolean }): Command {
  command
    .addOption(new Option('--patch <file>', 'JSON Patch on each payload; - reads standard input').conflicts('mapping'))
    .option('--mapping <kind:system:code=target>', 'a mapping, added once');
  return options.again ? command.option('--again', 'no change: another attempt') : command;
}

/** @throws CliError where none or several are given, or the patch is none. */
export function repairOf(options: RepairOptions): Repair {
  const given = [options.patch, options.mapping, options.again].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new CliError('Say what cures: one of --patch, --mapping and, to try again, --again.', exitCodes.usage);
  if (options.mapping !== undefined) return { kind: 'mapping', mapping: parseMapping(options.mapping) };
  if (options.patch === undefined) return { kind: 'none' };
  const parsed = repair.safeParse({ kind: 'patch', operations: jsonOf(options.patch) });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  /${path.slice(1).join('/')}: ${message}`);
  throw new CliError([`${options.patch} is no list of patch operations:`, ...lines].join('\n'));
}

/** @throws CliError where the text is no mapping. */
export function parseMapping(text: string) {
  const match = /^([a-z_]+):([a-z0-9-]+):(.+)=([^=]+)$/.exec(text);
  const kind = mappingKind.safeParse(match?.[1]);
  const [, , system, code, target] = match ?? [];
  if (!kind.success || system === undefined || code === undefined || target === undefined)
    throw new CliError(
      `"${text}" is not <kind>:<system>:<code>=<target> with kind ${mappingKind.options.join(', ')}.`,
      exitCodes.usage,
    );
  return { kind: kind.data, system, code, target };
}

/** The text of a file. @throws CliError where it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new CliError(`The file ${file} cannot be read.`);
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`The file ${file} is not JSON.`);
  }
}
