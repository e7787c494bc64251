import type { Ports } from './options.ts';
import { local } from './services.ts';

/** Where each service says whether it may work, by the service's name as people read it. */
export function serviceAddresses(ports: Ports): Record<string, string> {
  return {
    console: `${local(ports.console)}/readyz`,
    ingest: `${local(ports.ingestOps)}/readyz`,
    'sync engine': `${local(ports.engineOps)}/readyz`,
  };
}

export function simulatorAddress(ports: Ports): Record<string, string> {
  return { 'simulated estate': `${local(ports.simulator)}/readyz` };
}
