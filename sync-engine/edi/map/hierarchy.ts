import type { Loop } from '../reading.ts';
import { loopsOf, value } from './loops.ts';
import type { Problems } from './problems.ts';

/** One level of a ship notice: shipment, order, tare, pack or item (HL03), with what stands above it. */
export interface HierarchyNode {
  loop: Loop;
  level: string;
  parent?: HierarchyNode;
}

/**
 * The HL tree of a ship notice (856). A level is named by its number (HL01) and hangs below the one it names (HL02), which
 * must stand before it: so there are no cycles. What hangs nowhere it should is told and left out.
 */
export function hierarchyOf(content: Loop, problems: Problems): HierarchyNode[] {
  const nodes = new Map<string, HierarchyNode>();
  for (const loop of loopsOf(content, 'HL')) {
    const { head } = loop;
    const number = value(head, 1) ?? '';
    const above = value(head, 2);
    const level = value(head, 3) ?? '';
    const parent = above === undefined ? undefined : nodes.get(above);
    if (nodes.has(number))
      problems.add(
        'validation',
        'repeated_level',
        head,
        1,
        `The number ${number} (HL01) stands on an earlier level too.`,
      );
    else if (above !== undefined && parent === undefined)
      problems.add('validation', 'unknown_parent', head, 2, `There is no level ${above} (HL02) before this one.`);
    else if (above === undefined && level !== 'S')
      problems.add('validation', 'missing_parent', head, 2, `The level ${number} names no level above it (HL02).`);
    else nodes.set(number, { loop, level, ...(parent && { parent }) });
  }
  return [...nodes.values()];
}

/** The nearest level of a kind from a node upwards, itself included. */
export function nearest(node: HierarchyNode, levels: readonly string[]): Loop | undefined {
  for (let at: HierarchyNode | undefined = node; at !== undefined; at = at.parent)
    if (levels.includes(at.level)) return at.loop;
  return undefined;
}
