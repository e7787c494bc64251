import type { Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  hoverTooltip,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { x12Path, x12PathInWords } from '#contracts/x12/path.ts';
import type { X12Piece } from '#contracts/x12/scan.ts';
import { walkX12 } from '#contracts/x12/walk.ts';
import { piecesOf } from '#app/payloads/x12-text.ts';

const segmentId = Decoration.mark({ class: 'cm-edi-id' });
const envelopeId = Decoration.mark({ class: 'cm-edi-envelope' });
const separator = Decoration.mark({ class: 'cm-edi-separator' });
const lineBreak = Decoration.mark({ class: 'cm-edi-separator' });

const envelope = new Set(['ISA', 'IEA', 'GS', 'GE', 'ST', 'SE', 'TA1']);

/** Segment ids stand out, separators step back, as far as the document is in view. */
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    private pieces: X12Piece[];

    constructor(view: EditorView) {
      this.pieces = piecesOf(view.state.doc.toString());
      this.decorations = decorate(view, this.pieces);
    }

    update(update: ViewUpdate) {
      if (update.docChanged) this.pieces = piecesOf(update.state.doc.toString());
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view, this.pieces);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorate(view: EditorView, pieces: readonly X12Piece[]): DecorationSet {
  const marks = view.visibleRanges.flatMap(({ from, to }) =>
    pieces.filter((piece) => piece.to >= from && piece.from <= to).flatMap((piece) => marksOf(view, piece)),
  );
  return Decoration.set(marks, true);
}

function marksOf(view: EditorView, { id, from, to, delimiters }: X12Piece) {
  if (delimiters === undefined || id === '') return [];
  const text = view.state.sliceDoc(from, to);
  const marks = [(envelope.has(id) ? envelopeId : segmentId).range(from, Math.min(from + id.length, to))];
  for (let at = text.indexOf(delimiters.element); at >= 0; at = text.indexOf(delimiters.element, at + 1))
    marks.push(separator.range(from + at, from + at + 1));
  const behind = view.state.sliceDoc(to, to + 4);
  const end = (/^[␍␊]/.test(behind.slice(1)) ? (/^.[␍␊]+/.exec(behind)?.[0] ?? '') : behind.slice(0, 1)).trimEnd();
  if (end !== '') marks.push(lineBreak.range(to, to + end.length));
  return marks;
}

/** What an element is called, where the pointer rests on it: "850 › PO1 2 › PO104". */
const names = hoverTooltip((view, position) => {
  const text = view.state.doc.toString();
  for (const { piece, elements, set, name, ordinal } of walkX12(text, { fragments: 'guess' })) {
    if (position < piece.from || position > piece.to || piece.delimiters === undefined) continue;
    let at = piece.from + piece.id.length + 1;
    const number = elements.findIndex((element) => {
      const inside = position >= at && position <= at + element.length;
      at += element.length + 1;
      return inside;
    });
    if (number < 0) return null;
    const path = x12Path({ ...(set && { set }), segment: { id: name, ordinal }, element: { number: number + 1 } });
    return {
      pos: position,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-edi-name';
        dom.textContent = x12PathInWords(path) ?? path;
        return { dom };
      },
    };
  }
  return null;
});

const looks = EditorView.theme({
  '.cm-edi-id': { color: 'var(--category-1)', fontWeight: '600' },
  '.cm-edi-envelope': { color: 'var(--category-3)', fontWeight: '600' },
  '.cm-edi-separator': { color: 'var(--muted)' },
  '.cm-edi-name': { padding: '2px 6px' },
});

/** How an EDI document is coloured and read. Long segments are wrapped, since nothing in them may be broken. */
export const x12Language: Extension = [colours, names, looks, EditorView.lineWrapping];
