import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs before anything is installed: Node's own modules only, and no newer syntax than the check itself needs.

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Ends the process with one line. */
function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  refuse(
    `Syncline needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a current one from https://nodejs.org.`,
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}

/** Is what package-lock.json names installed, in those versions? Optional packages may be absent. */
function installed() {
  // An image brings its packages and no lock file.
  if (!existsSync(join(root, 'package-lock.json'))) return true;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const present = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, wanted]) => path === '' || wanted.optional || present[path]?.version === wanted.version,
  );
}

/** Runs npm. @returns its exit code, 127 where there is none. */
function npm(...args) {
  const path = process.env.npm_execpath;
  const all = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const child = path?.endsWith('.js')
    ? spawn(process.execPath, [path, ...all], { cwd: root, stdio: 'inherit' })
    : spawn('npm', all, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

async function install() {
  const fresh = !existsSync(join(root, 'node_modules'));
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  process.stdout.write(`Installing dependencies${fresh ? ' (a minute or two, the first time)' : ''} …\n`);
  const ticking = setInterval(() => process.stdout.write(`  still installing, ${seconds()} s\n`), 10_000);
  const code = await npm(fresh ? 'ci' : 'install');
  clearInterval(ticking);
  if (code === 127) refuse('npm was not found. It comes with Node.js: https://nodejs.org.');
  if (code !== 0) refuse(`Installing the dependencies failed (npm exit code ${code}); the lines above say why.`);
  process.stdout.write(`Dependencies installed in ${seconds()} s.\n`);
}

/**
 * Makes the checkout ready to run TypeScript: right Node.js, dependencies as the lock file names them, TypeScript
 * loaded on import. Ends the process with one line where that cannot be.
 */
export async function prepare() {
  checkNode();
  if (!installed()) await install();
  const { register } = await import('tsx/esm/api');
  register();
}

/** Prints a text file that lies beside the scripts: help must not need an installation. */
export function printText(path) {
  process.stdout.write(readFileSync(join(root, 'scripts', path), 'utf8'));
}
