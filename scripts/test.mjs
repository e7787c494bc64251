#!/usr/bin/env node
import { prepare } from './bootstrap/prepare.mjs';

await prepare();
const { test } = await import('./test.ts');
process.exitCode = await test(process.argv.slice(2));
