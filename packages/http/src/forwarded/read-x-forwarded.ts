import { parseNode } from "./node.ts";
import type { ForwardedElement } from "./read-forwarded.ts";

/** The values of lines of fields, in order. */
export interface XForwardedLines {
  readonly for: readonly string[];
  readonly proto: readonly string[];
  readonly host: readonly string[];
}

/**
 * Reads X-Forwarded-For, -Proto and -Host from their ends, as if they were Forwarded. Where fewer proxies have said Proto
 * or Host than For, as most set these and append that, the first of them holds for all.
 */
export function* readXForwarded(lines: XForwardedLines): Generator<ForwardedElement, void> {
  const nodes = members(lines.for);
  const protos = members(lines.proto);
  const hosts = members(lines.host);
  for (const [index, node] of nodes.entries()) {
    const proto = (protos[index] ?? protos.at(-1))?.toLowerCase();
    yield {
      for: parseNode(node),
      by: undefined,
      host: hosts[index] ?? hosts.at(-1),
      proto: proto === "http" || proto === "https" ? proto : undefined,
    };
  }
}

/** The last first. */
function members(lines: readonly string[]): readonly string[] {
  return lines
    .flatMap((line) => line.split(","))
    .map((member) => member.trim())
    .filter((member) => member !== "")
    .reverse();
}
