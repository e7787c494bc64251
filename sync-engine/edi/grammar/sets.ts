import { describedSegments } from './segments.ts';
import type { Release } from './elements.ts';
import { parseUses, type SegmentUse } from './uses.ts';

export interface SetRule {
  id: string;
  name: string;
  /** GS01 of the groups that carry it. */
  functionalId: string;
  /** What stands between ST and SE, in order. */
  uses: readonly SegmentUse[];
}

/** Parts that several sets share. */
const party = 'N2{2} N3{2} N4? REF{12} PER{3}';
const codes = '[LM{10} LQ+{100}]';
const schedule = '[SCH{200} TD1{2} TD5{12} TD3{12} TD4{5} REF*]';
const carrier = 'TD1{2} TD5{12} TD3{12} TD4{5}';
const hazards = 'LH2{4} LH3{12} LFH{20} LEP* LH4? LHT{3} LHR{10} PER{5}';

/** The transaction sets by the order of their segments; see uses.ts for the notation. */
const tables: Readonly<Record<string, { name: string; functionalId: string; table: string }>> = {
  '810': {
    name: 'invoice',
    functionalId: 'IN',
    table: `BIG NTE{100} CUR? REF{12} YNQ{10} PER{3} [N1{200} ${party} DMG?] ITD* DTM{10} FOB? PID{200} MEA{40} PWK{25}
      PKG{25} L7? BAL* INC? PAM* ${codes} [N9? MSG+{10}] [V1* R4* DTM*] [FA1* FA2+*]
      [IT1{200000} CRC? QTY{5} CUR? IT3{5} TXI{10} CTP{25} PAM{10} MEA{40} [PID{1000} MEA{10}] PWK{25} PKG{25} PO4? ITD{2}
        REF* YNQ{10} PER{5} SDQ{500} DTM{10} CAD* L7* SR? [SAC{25} TXI{10}]
        [SLN{1000} DTM? REF* PID{1000} SAC{25} TC2{2} TXI{10}] [N1{200} ${party} DMG?] ${codes} [V1* R4* DTM*] [FA1* FA2+*]]
      TDS TXI{10} CAD? AMT* [SAC{25} TXI{10}] [ISS* PID?] CTT?`,
  },
  '846': {
    name: 'inventory advice',
    functionalId: 'IB',
    table: `BIA CUR? DTM{10} REF{12} PER{3} MEA{20} [N1{5} ${party}] ${codes}
      [LIN+{10000} PID{200} MEA{40} PKG{25} DTM{10} CTP{25} CUR? SAC{25} REF* PER{3} SDQ{500} MAN? UIT{5} CS? DD* G53? PCT*
        LDT{12} ${codes} [SLN{1000} PID{200} MEA{40} PKG{25} [MAN{100} MEA{40}]]
        [QTY{99} UIT{12} MEA{25} LDT{12} DTM{10} [SCH{25} MEA{25}] [LM* LQ+{100}] [LS? [REF+* DTM* N1? ${codes}] LE]]
        [N1{200} ${party}]]
      CTT?`,
  },
  '850': {
    name: 'purchase order',
    functionalId: 'PO',
    table: `BEG CUR? REF* PER{3} TAX* FOB* CTP* PAM{10} CSH{5} TC2* [SAC{25} CUR?] ITD* DIS{20} INC? DTM{10} LDT{12} LIN{5}
      SI* PID{200} MEA{40} PWK{25} PKG{200} ${carrier} MAN{10} PCT* CTB{5} TXI* [AMT* REF* DTM? PCT* [FA1* FA2+*]]
      [N9{1000} DTM* MSG{1000} MTX*/5010]
      [N1{200} N2{2} N3{2} N4* NX2* REF{12} PER* SI* FOB? ${carrier} PKG{200} MTX*/5010] [LM* LQ+*]
      [SPI* REF{5} DTM{5} MSG{50} [N1{20} N2{2} N3{2} N4? REF{20} G61? MSG{50}] [CB1* REF{20} DTM{5} LDT? MSG{50}]]
      [ADV* DTM* MTX*]
      [PO1+{100000} LIN* SI* CUR? CN1? PO3{25} [CTP* CUR?] PAM{10} MEA{40} [PID{1000} MEA{10}] PWK{25} PO4* REF* PER{3}
        [SAC{25} CUR? CTP?] IT8? CSH* ITD{2} DIS{20} INC? TAX* FOB* SDQ{500} IT3{5} DTM{10} TC2* TD1? TD5{12} TD3{12}
        TD4{5} PCT* MAN{10} MSG* SPI* TXI* CTB* [QTY* SI*] ${schedule} [PKG{200} MEA*]
        [LS? [LDT+* QTY* MSG? REF{3} [LM* LQ+*]] LE] [N9{1000} DTM* MEA{40} MSG{1000} MTX*/5010]
        [N1{200} N2{2} N3{2} N4? QTY* NX2* REF{12} PER{3} SI* DTM? FOB? SCH{200} ${carrier} PKG{200}
          [LDT* MAN{10} QTY{5} MSG? REF{3}]]
        [SLN{1000} MSG* SI* PID{1000} PO3{104} TC2* ADV* DTM{10} CTP{25} PAM{10} PO4? TAX{3} [N9* DTM* MSG*]
          [SAC{25} CUR? CTP?] [QTY* SI*] [N1{10} N2{2} N3{2} N4? NX2* REF{12} PER{3} SI*]]
        [AMT* REF? PCT*] [LM* LQ+*]]
      [CTT? AMT?]`,
  },
  '855': {
    name: 'purchase order acknowledgment',
    functionalId: 'PR',
    table: `BAK CUR? REF* PER{3} TAX* FOB* CTP* PAM{10} CSH? [SAC{25} CUR?] ITD{5} DIS{20} INC? DTM{10} LDT{12} LIN{5} SI*
      PID{200} MEA{40} PWK{25} PKG{25} ${carrier} MAN{10} TXI* CTB* [N9{1000} DTM* MSG{1000}]
      [N1{200} N2{2} N3{2} N4? NX2* REF{12} PER* SI* FOB? ${carrier} PKG{25} MSG*] [ADV* DTM* MTX*]
      [PO1{100000} LIN* SI* CUR? PO3{25} CTP* PAM{10} MEA{40} [PID{1000} MEA{10}] PWK{25} PO4* REF* PER{3} [SAC{25} CUR?]
        IT8? CSH* ITD{2} DIS{20} INC? TAX* FOB* SDQ{500} DTM{10} LDT{12} TD1? TD5{12} TD3{12} TD4{5} [ACK{104} DTM?] MAN{10}
        AMT? CTB* TXI* [QTY* SI*] [PKG{200} MEA*] ${schedule} [N9{1000} DTM* MSG{1000}]
        [N1{200} N2{2} N3{2} N4? NX2* REF{12} PER{3} SI* DTM? FOB? SCH{200} ${carrier} QTY* PKG{25}]
        [SLN{1000} MSG* SI* PID{1000} PO3{25} CTP{25} PAM{10} ACK{104} [SAC{10} CUR?] DTM{10} PO4? TAX{3} ADV* [QTY* SI*]
          [N9* DTM* MSG*] [N1{10} N2{2} N3{2} N4? NX2* REF{12} PER{3} SI*]]]
      [CTT? AMT?]`,
  },
  '856': {
    name: 'ship notice',
    functionalId: 'SH',
    table: `BSN DTM{10}
      [HL+{200000} LIN? SN1? SLN{1000} PRF? PO4? PID{200} MEA{40} PWK{25} PKG{25} TD1{20} TD5{12} TD3{12} TD4{5} TSD? REF*
        PER{3} [LH1{100} ${hazards} LHE?] [CLD{200} REF{200} DTP?] MAN* DTM{10} FOB? PAL?
        [N1{200} ${party} FOB?] SDQ{50} ETD? CUR? [SAC* CUR?] GF? YNQ{10} ${codes} [V1* R4* DTM*]]
      CTT?`,
  },
  '940': {
    name: 'warehouse shipping order',
    functionalId: 'OW',
    table: `W05 [N1{10} N2{2} N3{2} N4? PER{5}] N9{10} G61{3} G62{10} NTE* W09? W66? W6? R2{13} BNX? ${codes}
      [LX{99999} MAN* SDQ* N1? G62{10}
        [W01* G69{5} N9{200} NTE* W20{3} QTY{10} AMT? G62{10} G66? N1{3} PER{5} LH2{6} LHR? LH6{5} ${codes}
          [LS? [LX+{99999} N9* G62{10} N1? SDQ* ${codes} [LH1* ${hazards}]] LE] [FA1* FA2+*]]]
      W76?`,
  },
  '944': {
    name: 'stock transfer receipt',
    functionalId: 'RE',
    table: `W17 [N1{10} N2? N3{2} N4? PER{5}] N9{10} G61{3} G62{5} NTE{20} W08? W18{10} G08{2}
      [W07+{9999} G69{5} N9{200} W20{2} [W13{50} N9{200}]] W14?`,
  },
  '945': {
    name: 'warehouse shipping advice',
    functionalId: 'SW',
    table: `W06 [N1{10} N2? N3{2} N4? PER{5}] N9{10} G61{3} G62{5} NTE{20} W27? W6? W28? W10{10} G72{5} ${codes}
      [LX{99999} MAN* PAL? N9{5}
        [W12* G69{5} N9{200} G62{10} QTY{10} MEA{5} AMT? R4{5} W27? N1{5} G72{5} ${codes}
          [LS? [LX+{99999} N9* G62{10} N1? ${codes}] LE] [FA1* FA2+*]]]
      W03?`,
  },
  '997': {
    name: 'functional acknowledgment',
    functionalId: 'FA',
    table: 'AK1 [AK2{999999} [AK3{999999} AK4{99}] AK5] AK9',
  },
};

const parseAll = (release: Release): ReadonlyMap<string, SetRule> =>
  new Map(
    Object.entries(tables).map(([id, { name, functionalId, table }]) => [
      id,
      { id, name, functionalId, uses: parseUses(table, release) },
    ]),
  );

const byRelease = { '004010': parseAll('004010'), '005010': parseAll('005010') };

/** Undefined for a transaction set that is not spoken here. */
export const setRule = (id: string, release: Release): SetRule | undefined => byRelease[release].get(id);

export const spokenSets: readonly string[] = Object.keys(tables);

/** The release that a version (GS08, "004010VICS") is read with; undefined where it is not spoken here. */
export function releaseOf(version: string): Release | undefined {
  const release = version.slice(0, 6);
  return release === '004010' || release === '005010' ? release : undefined;
}

const idsOf = (uses: readonly SegmentUse[]): string[] => uses.flatMap((use) => [use.id, ...idsOf(use.loop ?? [])]);

/** X12's own segments that none of these sets has, but partners put in all the same. */
const others = ['PI', 'IN2', 'NM1', 'CR1', 'MTX'];
const known = new Set([
  ...describedSegments,
  ...others,
  ...[...byRelease['005010'].values()].flatMap(({ uses }) => idsOf(uses)),
]);

/** Is it the id of a segment of X12, as far as the sets here need to know? */
export const isKnownSegment = (id: string): boolean => known.has(id);

/** Does a set have this segment anywhere? */
export const hasSegment = (rule: SetRule, id: string): boolean => {
  const ids = idsBySet.get(rule) ?? new Set(idsOf(rule.uses));
  idsBySet.set(rule, ids);
  return ids.has(id);
};
const idsBySet = new Map<SetRule, Set<string>>();
