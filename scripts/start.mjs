#!/usr/bin/env node
import { prepare, printText } from './bootstrap/prepare.mjs';

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  printText('start/usage.txt');
} else {
  await prepare();
  const { start } = await import('./start.ts');
  process.exitCode = await start(args);
}
