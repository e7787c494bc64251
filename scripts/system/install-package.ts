import { spawn } from 'node:child_process';
import { findProgram } from './find-program.ts';

/** What a package is called in each package manager; those that do not have it are left out. */
export type PackageNames = Partial<Record<'apt-get' | 'dnf' | 'apk' | 'pacman' | 'brew', string>>;

interface Recipe {
  commands: (name: string) => string[][];
  asRoot: boolean;
}

const recipes: Record<keyof PackageNames, Recipe> = {
  'apt-get': {
    commands: (name) => [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name],
    ],
    asRoot: true,
  },
  dnf: { commands: (name) => [['dnf', 'install', '-y', '-q', name]], asRoot: true },
  apk: { commands: (name) => [['apk', 'add', '--no-progress', name]], asRoot: true },
  pacman: { commands: (name) => [['pacman', '-Sy', '--noconfirm', '--needed', name]], asRoot: true },
  brew: { commands: (name) => [['brew', 'install', '--quiet', name]], asRoot: false },
};

export type InstallResult = { installed: true } | { installed: false; reason: string };

/**
 * Installs a package with the system's own package manager, where there is one and this user may: as root, or with a
 * sudo that asks no password. Never prompts.
 */
export async function installPackage(names: PackageNames): Promise<InstallResult> {
  for (const [tool, name] of Object.entries(names) as [keyof PackageNames, string][]) {
    if (findProgram(tool) === undefined) continue;
    const recipe = recipes[tool];
    const prefix = recipe.asRoot ? await rootPrefix() : [];
    const byHand = recipe.commands(name).map((command) => (recipe.asRoot ? ['sudo', ...command] : command).join(' '));
    if (prefix === undefined) return { installed: false, reason: `installing needs root. Run: ${byHand.join(' && ')}` };
    const failure = await runAll(recipe.commands(name).map((command) => [...prefix, ...command]));
    if (failure === undefined) return { installed: true };
    return { installed: false, reason: `"${failure.command}" failed: ${failure.output}` };
  }
  return { installed: false, reason: 'no package manager known here has it' };
}

async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === undefined) return undefined;
  return (await run(['sudo', '-n', 'true'])).code === 0 ? ['sudo', '-n'] : undefined;
}

async function runAll(commands: string[][]): Promise<{ command: string; output: string } | undefined> {
  for (const command of commands) {
    const { code, output } = await run(command);
    // A package index that could not be refreshed may still be good enough; the installation itself decides.
    if (code !== 0 && command === commands.at(-1)) return { command: command.join(' '), output };
  }
  return undefined;
}

function run(command: readonly string[]): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOMEBREW_NO_AUTO_UPDATE: '1' },
    });
    let output = '';
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim().split('\n').at(-1) ?? '' }));
  });
}
