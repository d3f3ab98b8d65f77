/**
 * Puts names in an order in which each comes after what it refers to, and says which refer to each other in a circle.
 *
 * Tarjan's algorithm: a circle is given whole, before anything that refers to it.
 */
export function dependencyOrder(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const groups: string[][] = [];
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();

  function visit(name: string): void {
    const number = numbers.size;
    numbers.set(name, number);
    lowest.set(name, number);
    open.push(name);
    isOpen.add(name);
    for (const next of graph.get(name) ?? []) {
      if (!graph.has(next)) continue;
      if (!numbers.has(next)) visit(next);
      if (isOpen.has(next)) lowest.set(name, Math.min(lowest.get(name) ?? 0, lowest.get(next) ?? 0));
    }
    if (lowest.get(name) !== number) return;
    const group = open.splice(open.indexOf(name));
    for (const member of group) isOpen.delete(member);
    groups.push(group);
  }

  for (const name of graph.keys()) if (!numbers.has(name)) visit(name);
  return groups;
}
