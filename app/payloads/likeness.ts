import { getNodePath, parseTree, type Node } from 'jsonc-parser';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { pointerOf, pointerSegments } from './pointer.ts';
import { likeliestInX12 } from './x12-likeness.ts';
import { isX12 } from './x12-text.ts';

/**
 * The same problems with their places in the received document, as far as they can be told: a value of the canonical
 * order is looked for in what arrived, and among equal values the one whose position in its lists is most alike. What
 * cannot be placed keeps its canonical place.
 */
export function placeInReceived(problems: readonly CaseProblem[], received: string, canonical: string): CaseProblem[] {
  const edi = isX12(received);
  const root = edi ? undefined : parseTree(received);
  const order = parseTree(canonical);
  const likeliest = (value: string, indices: readonly string[]): string | undefined => {
    if (edi) return likeliestInX12(received, value, indices[0] === undefined ? undefined : Number(indices[0]));
    return root && mostAlike(root, value, indices);
  };
  return problems.map((problem) => {
    if (problem.document === 'received' || !order) return problem;
    const value = scalarAt(order, problem.path);
    const path = value === undefined ? undefined : likeliest(value, indicesOf(pointerSegments(problem.path)));
    return path === undefined ? problem : { ...problem, document: 'received', path };
  });
}

function scalarAt(root: Node, pointer: string): string | undefined {
  let node: Node | undefined = root;
  for (const part of pointerSegments(pointer)) {
    node = node?.type === 'array' ? node.children?.[Number(part)] : valueOf(node, part);
  }
  return node?.type === 'string' || node?.type === 'number' ? String(node.value) : undefined;
}

function valueOf(node: Node | undefined, key: string): Node | undefined {
  return node?.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];
}

function mostAlike(root: Node, value: string, indices: readonly string[]): string | undefined {
  let best: { pointer: string; score: number } | undefined;
  const visit = (node: Node) => {
    if ((node.type === 'string' || node.type === 'number') && String(node.value) === value && !isKey(node)) {
      const path = getNodePath(node).map(String);
      const own = indicesOf(path);
      const score = own.filter((index, i) => indices[i] === index).length - Math.abs(own.length - indices.length);
      if (best === undefined || score > best.score) best = { pointer: pointerOf(path), score };
    }
    node.children?.forEach(visit);
  };
  visit(root);
  return best?.pointer;
}

const isKey = (node: Node) => node.parent?.type === 'property' && node.parent.children?.[0] === node;
const indicesOf = (path: readonly string[]) => path.filter((part) => /^\d+$/.test(part));
