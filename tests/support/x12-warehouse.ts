import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { writeWhole } from '#sync-engine/files/folder-drop.ts';
import { setOf } from '#tests/fixtures/edi.ts';
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

/** The 3PL at the other side of the folders below `root`. */
export function warehouseAt(root: string) {
  const fromThem = join(root, 'in');
  const toThem = join(root, 'out');
  let control = 500;
  const eventually = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 20_000, interval: 50 });
  /** Everything in our outbox. */
  const documents = async () => {
    const names = await readdir(toThem);
    return Promise.all(
      names.filter((name) => name.endsWith('.x12')).map((name) => readFile(join(toThem, name), 'utf8')),
    );
  };
  return {
    documents,
    /** Interchanges of theirs, numbered in turn. */
    interchange: (functionalId: string, sets: readonly string[]) =>
      interchangeOfWarehouse(++control, functionalId, sets),
    put: (name: string, bytes: Uint8Array) => writeWhole(fromThem, name, bytes),
    /** The first document in our outbox that says all of this. */
    outgoing: (...words: string[]): Promise<string> =>
      eventually(async () => {
        const found = (await documents()).find((text) => words.every((word) => text.includes(word)));
        if (found === undefined) throw new Error(`nothing in the outbox says ${words.join(', ')}`);
        return found;
      }),
    /** Resolves once a file is put away, with what it is called there. */
    archived: (name: string) =>
      eventually(async () => {
        const there = (await readdir(join(fromThem, 'archive'))).find((one) => one.endsWith(`-${name}`));
        if (there === undefined) throw new Error(`${name} was not put away`);
        return there;
      }),
  };
}

/** A shipping advice (945) of everything that a shipping order (940) asks for. */
export function advice(order: string, number: string, count?: number): string {
  const items = [...order.matchAll(/W01\*(\d+)\*EA\*\*VN\*([^~]+)~[^]*?N9\*LI\*([^~]+)~/g)];
  const body = items.map(
    ([, units, sku, line], i) => `LX*${i + 1}\nW12*CC*${units}*${units}**EA**VN*${sku}\nN9*LI*${line}`,
  );
  const head = `W06*F*${number}*20261129*SHP-${number}\nN9*2I*1Z${number}\nG62*11*20261129*W*0800\nW27*M*UPSN*UPS`;
  return setOf('945', `${head}\n${body.join('\n')}`, '0001', count);
}
