import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseEstate } from '#platform/estate.ts';
import { parseOptions, portsFrom } from './options.ts';
import { freshSecrets } from './secrets.ts';
import { servicesOf } from './services.ts';

const estateFile = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');

/** The estate as the services of `npm start` with these options read it. */
function estateUnder(...args: string[]) {
  const options = parseOptions(args, '/srv/syncline');
  const { consoleAndIngest } = servicesOf({
    root: '/srv/syncline',
    options,
    ports: portsFrom(options.port),
    secrets: freshSecrets(),
    natsServer: 'nats-server',
    natsConfig: 'nats.conf',
  });
  return parseEstate(estateFile, {
    ...consoleAndIngest.env,
    ESTATE_SIMULATED: consoleAndIngest.env['ESTATE_SIMULATED'],
  });
}

test('the estate is a simulated one only where its simulator runs', () => {
  expect(estateUnder().simulated).toBe(true);
  expect(estateUnder('--no-demo').simulated).toBe(false);
});
