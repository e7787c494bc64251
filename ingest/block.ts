/** Rows of one ClickHouse partition: the bytes that arrived, each with what ingest adds, one a line. */
export interface Part {
  /** Month of the events (YYYYMM), or `all`. */
  partition: string;
  rows(): Uint8Array;
  /** Row i alone, for finding one that ClickHouse cannot read. */
  row(i: number): Uint8Array;
  readonly seqs: readonly number[];
}

export interface Rejected {
  seq: number;
  subject: string;
  /** Text as it arrived. */
  raw: string;
  reason: string;
  path: string;
  arrivedMs: number;
}

const newline = 0x0a;
const brace = 0x7b;

class Rows implements Part {
  readonly partition: string;
  readonly seqs: number[] = [];
  #offsets: number[] = [];
  #bytes: Buffer;
  #length = 0;

  constructor(partition: string, capacity: number) {
    this.partition = partition;
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  add(seq: number, shard: number, event: Uint8Array): void {
    const prefix = `{"stream_seq":${seq},"shard":${shard},`;
    this.#reserve(prefix.length + event.length + 1);
    this.seqs.push(seq);
    this.#offsets.push(this.#length);
    this.#length += this.#bytes.write(prefix, this.#length, 'latin1');
    // A validated event is an object with fields, so a comma after the prefix is right.
    const start = event.indexOf(brace) + 1;
    this.#bytes.set(start === 1 ? event.subarray(1) : event.subarray(start), this.#length);
    this.#length += event.length - start;
    this.#bytes[this.#length++] = newline;
  }

  rows(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  row(i: number): Uint8Array {
    return this.#bytes.subarray(this.#offsets[i], this.#offsets[i + 1] ?? this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** A run of messages of one shard, in stream order: what is claimed, inserted and committed together. */
export class Block {
  /** Stream sequences of its first and last message. */
  first = 0;
  last = 0;
  messages = 0;
  bytes = 0;
  /** Nothing more may be added. */
  sealed = false;
  /** Was claimed by an earlier run: its inserts may have happened, wholly or in part. */
  recovered: boolean;
  /** Arrival of the last message at the stream, ms; how many messages the consumer had left behind it. */
  newestMs = 0;
  pending = 0;
  readonly openedAt: number;
  readonly rejected: Rejected[] = [];
  readonly keys = new Set<string>();
  readonly flows = new Set<string>();
  readonly #parts = new Map<string, Rows>();
  readonly #shard: number;

  constructor(options: { shard: number; openedAt: number; recovered?: boolean }) {
    this.#shard = options.shard;
    this.openedAt = options.openedAt;
    this.recovered = options.recovered ?? false;
  }

  /** Counts a message in. Every message goes through here, whether it becomes a row or is rejected. */
  cover(seq: number, size: number, arrivedMs: number, pending: number): void {
    if (this.messages === 0) this.first = seq;
    this.last = seq;
    this.messages++;
    this.bytes += size;
    this.newestMs = arrivedMs;
    this.pending = pending;
  }

  add(partition: string, seq: number, event: Uint8Array): void {
    let rows = this.#parts.get(partition);
    if (rows === undefined)
      this.#parts.set(partition, (rows = new Rows(partition, this.#parts.size === 0 ? 262_144 : 16_384)));
    rows.add(seq, this.#shard, event);
  }

  touch(key: string, flow: string): void {
    this.flows.add(flow);
    // One more than a nudge carries, which is how it knows that there were others.
    if (this.keys.size <= 200) this.keys.add(key);
  }

  reject(rejected: Rejected): void {
    this.rejected.push(rejected);
  }

  /** In a fixed order, so that reading the same range again makes the same inserts. */
  parts(): Part[] {
    return [...this.#parts.values()].sort((a, b) => (a.partition < b.partition ? -1 : 1));
  }
}
