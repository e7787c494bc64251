import { elementRule, type ElementRule, type ElementType, type Release } from './elements.ts';

/** What a relation between elements demands (X12.6): all or none, at least one, at most one, the first demands … */
export interface Relation {
  kind: 'P' | 'R' | 'E' | 'C' | 'L';
  elements: readonly number[];
}

export interface ElementUse {
  mandatory: boolean;
  rule: ElementRule;
  /** Of a composite: what it is made of. */
  components?: readonly { mandatory: boolean; rule: ElementRule }[];
}

export interface SegmentRule {
  id: string;
  elements: readonly ElementUse[];
  relations: readonly Relation[];
}

/**
 * Segments by their elements: the number of each in the dictionary, `!` where it is mandatory; `=TYPE.MIN.MAX` for one
 * without an entry of its own; `(235 234)*10` for repeated ones; `/5010` for what came with that release. Behind the
 * semicolon stand the relations between elements, in X12's own notation. A segment that a set knows and that is not
 * described here is taken with whatever elements it has.
 */
const described = `
GS 479! 142! 124! 373! 337! 28! 455! 480!
GE 97! 28!
TA1 I12! I08! I09! I17! I18!
IEA I16! I12!
ST 143! 329! 1705/5010
SE 96! 329!
ACK 668! 380 355 374 373 326 (235 234)*10 559 822 1271 ; P0203 C0504 P0708 P0910 P1112 P1314 P1516 P1718 P1920 P2122 P2324 P2526
AK1 479! 28! 480/5010
AK2 143! 329! 1705/5010
AK3 721! 719! 447 720
AK4 C030! 725 723! 724
AK5 717! 718 718 718 718 718
AK9 715! 97! 123! 2! 716 716 716 716 716
AMT 522! 782! 478
BAK 353! 587! 324! 373! 328 326 367 127 373 640
BEG 353! 92! 324! 328 373! 367 587 1019 1166 1232 786 640
BIA 353! 755! 127! 373! 337 306
BIG 373! 76! 373 324 328 327 640 353 306 76
BSN 353! 396! 373! 337! 1005 640 641 ; C0706
CAD 91 206 207 140 387 368 128 127 284 ; R0405 C0708
CSH 563 306 610 508 373 559 560 566 954 1004 ; P0304 P0607
CTP 687 236 212 380 C001 648 649 782 639 499 289 ; P0405 C0607 C0902 C1002 C1103
CTT 354! 347 81 355 183 355 352 ; P0304 P0506
CUR 98! 100! 280 98 100 669 374 373 337 374 373 337 374 373 337 374 373 337 374 373 337 ; C0807 C0907
DIS 653! 654! 655! 656! 657
DTM 374! 373 337 623 1250 1251 ; R020305 C0403 P0506
FOB 146! 309 352 334 335 309 352 54 352 ; C0302 C0405 C0706 C0809
G61 366! 93! 365 364 443 ; P0304
G62 432 373 176 337 623 ; R0103 P0102 P0304
G69 369!
HL 628! 734 735! 736
ISS 382 355 81 355 183 355 380 =R.1.10 ; R010305 P0102 P0304 P0506
IT1 350 358 355 212 639 (235 234)*10 ; P020304 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021 P2223 P2425
ITD 336 333 338 370 351 446 386 362 388 389 342 352 765 107 954
LDT 345! 380! 344! 373
LE 447!
LIN 350 235! 234! (235 234)*14 ; P0405 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021 P2223 P2425 P2627 P2829 P3031
LM 559! 822
LQ 1270 1271 ; C0102
LS 447!
LX 554!
MAN 88! 87! 87 88 87 87 ; P0405 C0605
MEA 737 738 739 C001 740 741 935 936 752 1373 1270 1271 ; R03050608 C0506
MSG 933! 934 1470 ; C0302
N1 98! 93 66 67 706 98 ; R0203 P0304
N2 93! 93
N3 166! 166
N4 19 156 116 26 309 310 ; C0605
N9 128! 127 369 373 337 623 C040 ; R0203 C0605
NTE 363 352!
PER 366! 93 365 364 365 364 365 364 443 ; P0304 P0506 P0708
PID 349! 750 559 751 352 752 822 1073 819 ; C0403 R0405 C0703
PKG 349 753 559 754 352 400 ; C0403 R040506
PO1 350 330 355 212 639 (235 234)*10 ; C0302 C0504 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021 P2223 P2425
PO4 356 357 355 103 187 384 355 385 355 82 189 65 355 810 752 350 350 1470 ; P0203 P0607 P0809
PRF 324! 328 327 373 350 367 92
PWK 755! 756 757 98 66 67 352 C002 1525 ; P0506
QTY 673! 380 C001 61 ; R0204 E0204
REF 128! 127 352 C040 ; R0203
SAC 248! 1300 559 1301 610 378 332 118 355 380 380 331 127 770 352 819 ; R0203 P0304 P0607 P0910 C1110 C1413 C1615
SCH 380! 355! 98 93 374! 373! 337 374 373 337 326 350
SDQ 355! 66 67! 380! (67 380)*9 310 ; P0506 P0708 P0910 P1112 P1314 P1516 P1718 P1920 P2122
SI 559! 1000! 234! (1000 234)*9 ; P0405 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021
SLN 350! 350 662! 380 C001 212 639 662 (235 234)*10 ; P0405 C0706 C0806 P0910 P1112 P1314 P1516 P1718 P1920 P2122 P2324 P2526 P2728
SN1 350 382! 355! 646 330 355 728 668 ; P0506
TAX 325 309 310 309 310 309 310 309 310 309 310 441 1179 ; R0103 P0203 P0405 P0607 P0809 P1011
TD1 103 80 23 22 79 187 81 355 183 355 ; C0102 C0304 C0607 P0708 P0910
TD3 40 206 207 187 81 355 102 407 225 24 ; C0203 C0405 P0506
TD4 152 208 209 352 1073 ; R010204 C0302
TD5 133 66 67 91 387 368 309 310 731 732 733 284 284 284 26 ; R0204050612 C0203 C0708 C1011
TDS 361! 361 361 361
TXI 963! 782 954 955 956 441 662 =AN.1.9 325 350 ; R020306 P0405
UIT C001! 212 639 ; C0302
W01 330! 355! 438 235 234 235 234 893 =AN.1.3 =ID.1.1 =AN.1.30 =N0.6.6 451 =ID.2.2 235 234 ; P0405 P0607 P1516
W03 382! 81 355 183 355 380 355 ; P0203 P0405 P0607
W05 473! 285! 324 472 474 640 306 92/5010 ; P0405
W06 514! 285 373 145 531 324 474 472 152 640 =ID.2.2 306 ; P0708
W07 413! 355! 438 235 234 235 234 451 =ID.1.1 235 234 ; P0405 P0607 P1011
W08 91! 140 387 206 207 225 225 =ID.2.2 =ID.2.2
W09 40! 408 355 408 355 =AN.1.60 1122 =N0.1.3 380 ; P0203 P0405
W12 368! 330 382 411 355 438 235 234 451 81 187 188 81 187 188 438 235 234 412 =ID.1.1 235 234 ; P0708 P1718 P2122
W13 380! 355! 412! 451 =ID.2.2
W14 413! =R.1.10 =R.1.9 =R.1.7 =R.1.7
W17 514! 373! 394! 285 145 =ID.1.2 337 474 472
W20 356 357 355 81 187 188 =R.1.8 =R.1.8 355 =AN.1.10
W27 91! 140 387 146 40 206 207 368 152 =ID.2.2
W6 152! 152 152 152
W66 146! 91! 399 =ID.2.2 387 334 =AN.1.30 =ID.1.1 =N2.1.15 140
W76 330! 81 355 183 355 =R.1.10 ; P0203 P0405
`;

const composites: Readonly<Record<string, string>> = {
  C001: '355! 1018 649 355 1018 649 355 1018 649 355 1018 649 355 1018 649',
  C002: '704! 704 704 704 704',
  C030: '722! 1528',
  C040: '128! 127! 128 127 128 127',
};

function parseSegment(row: string, release: Release): SegmentRule {
  const [head = '', relations = ''] = row.split(' ; ');
  const [id = '', ...tokens] = head.replace(/\(([^)]+)\)\*(\d+)/g, repeated).split(' ');
  return {
    id,
    elements: tokens.filter((token) => inRelease(token, release)).map((token) => elementUse(token, id, release)),
    relations: relations.split(' ').filter(Boolean).map(parseRelation),
  };
}

const repeated = (_: string, tokens: string, times: string): string => Array(Number(times)).fill(tokens).join(' ');

const inRelease = (token: string, release: Release): boolean => !token.endsWith('/5010') || release === '005010';

function elementUse(token: string, segment: string, release: Release): ElementUse {
  const mandatory = token.includes('!');
  const name = token.replace(/!|\/5010$/g, '');
  const parts = composites[name];
  if (parts !== undefined)
    return {
      mandatory,
      rule: { reference: name, name: 'composite', type: 'AN', min: 1, max: 999 },
      components: parts.split(' ').map((part) => elementUse(part, segment, release)),
    };
  if (!name.startsWith('=')) return { mandatory, rule: elementRule(name, release) };
  const [type = '', min, max] = name.slice(1).split('.');
  return { mandatory, rule: { name: 'element', type: type as ElementType, min: Number(min), max: Number(max) } };
}

function parseRelation(text: string): Relation {
  return {
    kind: text.charAt(0) as Relation['kind'],
    elements: (text.slice(1).match(/\d\d/g) ?? []).map(Number),
  };
}

const parseAll = (release: Release): ReadonlyMap<string, SegmentRule> =>
  new Map(
    described
      .trim()
      .split('\n')
      .map((row) => parseSegment(row, release))
      .map((rule) => [rule.id, rule]),
  );

const byRelease = { '004010': parseAll('004010'), '005010': parseAll('005010') };
/** Undefined for a segment whose elements are not described. */
export const segmentRule = (id: string, release: Release): SegmentRule | undefined => byRelease[release].get(id);

/** Ids of every segment whose elements are described. */
export const describedSegments: readonly string[] = [...byRelease['004010'].keys()];
