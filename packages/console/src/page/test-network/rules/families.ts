import type { ShownService } from "../../../protocol/index.ts";

/** Services of one family. */
export interface ServiceFamily {
  readonly family: string;
  readonly services: readonly ShownService[];
}

/** The services in which all words of a search occur, by family, in the order in which they came. */
export function familiesOf(services: readonly ShownService[], search: string): readonly ServiceFamily[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const families = new Map<string, ShownService[]>();
  for (const service of services) {
    const text = `${service.name} ${service.family} ${service.description}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const found = families.get(service.family);
    if (found === undefined) families.set(service.family, [service]);
    else found.push(service);
  }
  return Array.from(families, ([family, found]) => ({ family, services: found }));
}
