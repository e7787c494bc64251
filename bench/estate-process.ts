import { startSimulator } from '#tests/support/simulator.ts';

// The simulated estate as a process: no latency, no limits, parcels that leave and arrive at once. Its arguments are
// the port, the mail port and the intake's address.
const [port, smtpPort, intakeUrl = ''] = process.argv.slice(2);
const simulator = await startSimulator({ port: Number(port), smtpPort: Number(smtpPort), intakeUrl });
process.once('SIGTERM', () => void simulator.close().then(() => process.exit(0)));
