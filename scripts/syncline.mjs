#!/usr/bin/env node
import { prepare } from './bootstrap/prepare.mjs';

await prepare();
const { syncline } = await import('./cli/main.ts');
process.exitCode = await syncline(process.argv.slice(2));
