/** The characters that take an X12 document apart, as its ISA segment declares them. */
export interface X12Delimiters {
  element: string;
  component: string;
  /** Declared in ISA11 from interchange version 00402 on; absent where the interchange has none. */
  repetition?: string;
  /** A line break of any kind ends a segment where this is one. */
  terminator: string;
}

/** What most partners use, and what a fragment without an ISA is read with unless its partner agreed otherwise. */
export const usualDelimiters: X12Delimiters = { element: '*', component: '>', terminator: '~' };

/** Lengths of ISA01 to ISA16 (X12.5). */
export const isaLengths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;

export type IsaFault = 'truncated' | 'element' | 'component' | 'terminator';

export type IsaRead =
  | {
      delimiters: X12Delimiters;
      /** ISA01 to ISA16 as sent. */
      fields: string[];
      /** Where the terminator stands. */
      end: number;
      next: number;
      /** Every field has its prescribed length. */
      padded: boolean;
    }
  | { fault: IsaFault };

const mostOfIsa = 300;

export const isLineBreak = (text: string): boolean => text === '\n' || text === '\r' || text === '\r\n';

/** Anything but letters, digits and white space can delimit; a tab can as well. */
const canDelimit = (char: string): boolean => /^[^\p{L}\p{N} \r\n]$/u.test(char);

/**
 * Reads the ISA segment that begins at `at`: by its fixed positions, or by its separators where fields are not padded.
 * What it declares is checked here, since nothing after a wrong delimiter can be told apart.
 */
export function readIsa(text: string, at: number): IsaRead {
  const element = text[at + 3] ?? '';
  if (element === '') return { fault: 'truncated' };
  if (!canDelimit(element)) return { fault: 'element' };
  const padded = fixedFields(text, at, element);
  const split = padded ?? separatedFields(text, at, element);
  if (split === undefined) return { fault: 'truncated' };
  const { fields, end } = split;
  const component = fields[15] ?? '';
  const terminator = text.startsWith('\r\n', end) ? '\r\n' : (text[end] ?? '');
  if (component === '' || terminator === '') return { fault: 'truncated' };
  if (!canDelimit(component) || component === element) return { fault: 'component' };
  if (!(canDelimit(terminator) || isLineBreak(terminator)) || terminator === element || terminator === component)
    return { fault: 'terminator' };
  const repetition = repetitionOf(fields, [element, component, terminator]);
  return {
    delimiters: { element, component, terminator, ...(repetition === undefined ? {} : { repetition }) },
    fields,
    end,
    next: end + terminator.length,
    padded: padded !== undefined,
  };
}

interface Split {
  fields: string[];
  end: number;
}

function fixedFields(text: string, at: number, element: string): Split | undefined {
  const fields: string[] = [];
  let from = at + 4;
  for (const [i, length] of isaLengths.entries()) {
    const field = text.slice(from, from + length);
    if (field.length < length || field.includes(element) || /[\r\n]/.test(field)) return undefined;
    if (i < 15 && text[from + length] !== element) return undefined;
    fields.push(field);
    from += length + 1;
  }
  return { fields, end: from - 1 };
}

function separatedFields(text: string, at: number, element: string): Split | undefined {
  const fields: string[] = [];
  const head = text.slice(at, at + mostOfIsa);
  let from = 4;
  for (let i = 0; i < 15; i++) {
    const to = head.indexOf(element, from);
    const field = head.slice(from, to);
    if (to < 0 || /[\r\n]/.test(field)) return undefined;
    fields.push(field);
    from = to + 1;
  }
  fields.push(head.slice(from, from + 1));
  return { fields, end: at + from + 1 };
}

/** In versions before 00402 ISA11 names the standard ("U"), and later ones may still do so. */
function repetitionOf(fields: readonly string[], taken: readonly string[]): string | undefined {
  const [declared = '', version = ''] = fields.slice(10, 12);
  return version >= '00402' && canDelimit(declared) && !taken.includes(declared) ? declared : undefined;
}

/**
 * Delimiters of a fragment that begins with GS or ST, guessed from its first segment; undefined for anything else.
 * The component separator cannot be told from there.
 */
export function guessDelimiters(text: string, at: number): X12Delimiters | undefined {
  const head = text.slice(at, at + mostOfIsa);
  const element = head[2] ?? '';
  if (!/^(ST|GS)/.test(head) || !canDelimit(element)) return undefined;
  const fields = head.startsWith('ST') ? 2 : 8;
  let from = 3;
  for (let i = 1; i < fields; i++) {
    const to = head.indexOf(element, from);
    if (to < 0) return undefined;
    from = to + 1;
  }
  const end = /[^\p{L}\p{N} .-]/u.exec(head.slice(from))?.[0] ?? '';
  if (end === '' || end === element) return undefined;
  const component = element === usualDelimiters.component ? ':' : usualDelimiters.component;
  return { element, component, terminator: end === '\r' ? '\n' : end };
}
