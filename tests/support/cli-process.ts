import { syncline } from '#scripts/cli/main.ts';

// What scripts/syncline.mjs does, without preparing the checkout first.
process.exitCode = await syncline(process.argv.slice(2));
