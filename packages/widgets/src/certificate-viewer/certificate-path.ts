import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import { styleProperties } from "../style-properties.ts";
import { shownText } from "../text/shown-text.ts";
import type { CertificateViewerMessages } from "./messages/messages.ts";
import type { PathNode } from "./rules/chain-path.ts";
import { subjectTitle } from "./rules/subject-title.ts";
import type { ShownCertificate } from "./shown-certificate.ts";

/** A path as a tree of which every node has one below it. */
export interface DrawnPath {
  readonly nodes: readonly PathNode[];
  readonly chain: readonly ShownCertificate[];
  /** In the chain. */
  readonly selected: number;
  readonly words: CertificateViewerMessages;
  readonly onSelect: (index: number) => void;
}

/** Draws the path. A node is focused by the element that holds it, once it is selected. */
export function renderPath(path: DrawnPath): TemplateResult {
  const { nodes, words } = path;
  return html`<ul class="path" part="path" role="tree" aria-label=${words.path}>
    ${nodes.map((node, level) => renderNode(path, node, level))}
  </ul>`;
}

/** The node to go to from the one that is selected; `undefined` for keys that lead nowhere. */
export function nextSelected(key: string, selected: number, count: number): number | undefined {
  switch (key) {
    case "ArrowUp":
    case "ArrowLeft":
      return Math.min(selected + 1, count - 1);
    case "ArrowDown":
    case "ArrowRight":
      return Math.max(selected - 1, 0);
    case "Home":
      return count - 1;
    case "End":
      return 0;
    default:
      return undefined;
  }
}

function renderNode(path: DrawnPath, node: PathNode, level: number): TemplateResult {
  const indent = styleProperties({ "--level": Math.min(level, DEEPEST_INDENT) });
  const { words } = path;
  if (node.type !== "certificate") {
    return html`<li role="none" class="node ${node.type}" ${indent}>
      ${icons.missing}
      <div class="node-text">
        <span class=${node.type === "missing" ? "bad" : "quiet"}>${words[node.type]}</span>
        <bdi dir="ltr" class="node-title">${shownText(node.issuer, TITLE_LIMIT)}</bdi>
      </div>
    </li>`;
  }
  const { index, role, source, problemCount, isMisplaced } = node;
  const certificate = path.chain[index];
  if (certificate === undefined) return html``;
  const isSelected = index === path.selected;
  return html`<li
    role="treeitem"
    class="node"
    part="node"
    aria-level=${level + 1}
    aria-posinset="1"
    aria-setsize="1"
    aria-selected=${isSelected}
    tabindex=${isSelected ? 0 : -1}
    ${indent}
    @click=${() => {
      path.onSelect(index);
    }}
  >
    ${problemCount > 0 ? html`<span class="bad">${icons.alert}</span>` : icons.certificate}
    <div class="node-text">
      <bdi dir="ltr" class="node-title">${shownText(subjectTitle(certificate.subject) || words.none, TITLE_LIMIT)}</bdi>
      <span class="quiet">${words.roles[role]} · ${words.sources[source]}</span>
      ${isMisplaced ? html`<span class="caution">${words.misplaced}</span>` : nothing}
      ${problemCount > 0 ? html`<span class="bad">${words.problemCount(problemCount)}</span>` : nothing}
    </div>
  </li>`;
}

const DEEPEST_INDENT = 5;
const TITLE_LIMIT = 120;
