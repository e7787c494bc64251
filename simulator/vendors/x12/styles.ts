/**
 * How a document looks that this warehouse writes. All of them occur in real files; `wrong_count` is an SE that counts
 * other than what is there, and is rejected.
 */
export const styles = [
  'plain',
  'pipes',
  'line_breaks',
  'byte_order_mark',
  'several',
  'fragment',
  'wrong_count',
] as const;
export type Style = (typeof styles)[number];

export interface Delimiters {
  element: string;
  component: string;
  terminator: string;
  /** Written behind each terminator. */
  lineBreak: string;
  /** Written before everything. */
  mark: string;
}

const usual: Delimiters = { element: '*', component: '>', terminator: '~', lineBreak: '', mark: '' };

export function delimitersOf(style: Style): Delimiters {
  switch (style) {
    case 'pipes':
      return { ...usual, element: '|', component: '^', terminator: '\r\n' };
    case 'line_breaks':
    case 'wrong_count':
      return { ...usual, lineBreak: '\r\n' };
    case 'byte_order_mark':
      return { ...usual, lineBreak: '\n', mark: '\uFEFF' };
    case 'plain':
    case 'several':
    case 'fragment':
      return usual;
  }
}
