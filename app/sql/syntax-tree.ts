import { QueryRefused } from './refused.ts';

/** A node of ClickHouse's own syntax tree: `TableIdentifier`, `steps`. */
export interface SyntaxNode {
  kind: string;
  /** What follows the kind, without alias and count. */
  text: string;
  children: SyntaxNode[];
}

interface Line {
  depth: number;
  node: SyntaxNode;
  /** How many children ClickHouse says it has. */
  promised: number;
}

/**
 * Reads what EXPLAIN AST prints: a node a line, indented by its depth, with the number of its children.
 *
 * A name with a line break in it prints lines that are no nodes. It can only add such lines, and every line it adds is one
 * more child than was promised to some node above it: where all the numbers agree, each line is a node.
 * @throws QueryRefused where they do not
 */
export function readSyntaxTree(printed: readonly string[]): SyntaxNode {
  const open: Line[] = [];
  let root: SyntaxNode | undefined;
  const end = (depth: number) => {
    for (let last = open.at(-1); last !== undefined && last.depth >= depth; last = open.at(-1)) {
      if (last.node.children.length !== last.promised) throw unreadable();
      open.pop();
    }
  };
  for (const text of printed) {
    const line = readLine(text);
    end(line.depth);
    const parent = open.at(-1);
    if (parent === undefined) {
      if (root !== undefined || line.depth !== 0) throw unreadable();
      root = line.node;
    } else {
      if (parent.depth !== line.depth - 1) throw unreadable();
      parent.node.children.push(line.node);
    }
    open.push(line);
  }
  end(0);
  if (root === undefined) throw unreadable();
  return root;
}

function readLine(text: string): Line {
  const [, indent = '', kind = '', rest = '', count = '0'] =
    /^( *)([A-Za-z:]+)(.*?)(?: \(children (\d+)\))?$/s.exec(text) ?? [];
  if (kind === '') throw unreadable();
  const name = rest.replace(/ \(alias .*\)$/s, '').trim();
  return { depth: indent.length, node: { kind, text: name, children: [] }, promised: Number(count) };
}

const unreadable = () =>
  new QueryRefused('ClickHouse reads a name in this query in a way that cannot be checked. Use plain names.');
