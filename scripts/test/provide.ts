import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createProgress } from '../start/progress.ts';
import { provideNatsServer } from '../start/nats-server.ts';
import { findProgram } from '../system/find-program.ts';
import { installPackage } from '../system/install-package.ts';

/** Programs that the tests run and npm does not bring: nats-server and a Chromium. */
export async function providePrograms(root: string): Promise<void> {
  const progress = createProgress();
  await provideNatsServer(progress);
  if (findProgram('chromium', 'chromium-browser', 'google-chrome') !== undefined) return;
  progress.say('no Chromium is installed; installing it with the package manager …');
  await installPackage({ 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium', pacman: 'chromium' });
  if (findProgram('chromium', 'chromium-browser', 'google-chrome') !== undefined) return;
  progress.say("the package manager has none; taking Playwright's own …");
  spawnSync(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
    cwd: root,
    stdio: 'inherit',
  });
}
