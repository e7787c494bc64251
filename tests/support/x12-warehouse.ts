import { join } from 'node:path';
import { type System, system } from '#contracts/v1/estate.ts';

/** A 3PL at dc-east that exchanges X12 over two folders below `root`. */
export const x12WarehouseAt = (root: string): System =>
  system.parse({
    id: 'wms-east',
    name: '3PL east',
    role: 'wms',
    kind: 'x12-3pl',
    base_url: 'file:drop',
    settings: { 'drop.in': join(root, 'in'), 'drop.out': join(root, 'out'), 'drop.poll_ms': '20' },
    partner: {
      us: { qualifier: 'ZZ', id: 'NORTHWIND', group: 'NORTHWIND' },
      them: { qualifier: 'ZZ', id: 'PIER3PL', group: 'PIER3PL' },
      locations: { ALLENTOWN: 'dc-east' },
    },
  });

/** An interchange of theirs: pipes and line breaks instead of stars and tildes, as warehouses like them. */
export function interchangeOfWarehouse(control: number, functionalId: string, sets: readonly string[]): Buffer {
  const number = String(control).padStart(9, '0');
  const isa = `ISA*00*${' '.repeat(10)}*00*${' '.repeat(10)}*ZZ*${'PIER3PL'.padEnd(15)}*ZZ*${'NORTHWIND'.padEnd(15)}*261129*0900*U*00401*${number}*0*P*>`;
  const lines = [
    isa,
    `GS*${functionalId}*PIER3PL*NORTHWIND*20261129*0900*${control}*X*004010`,
    ...sets.flatMap((set) => set.split('\n')),
    `GE*${sets.length}*${control}`,
    `IEA*1*${number}`,
  ];
  return Buffer.from(lines.map((line) => `${line.replaceAll('*', '|')}\r\n`).join(''));
}
