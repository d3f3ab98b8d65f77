import { html, type TemplateResult } from "lit";
import type { TransferPhase } from "./rules/shown-progress.ts";
import type { TransferAction, TransferFacts } from "./transfer-facts.ts";

/** Which way the bytes go, or, where that matters more, what became of it. */
export function transferIcon(direction: TransferFacts["direction"], phase: TransferPhase): TemplateResult {
  return stroke(phasePaths[phase] ?? directionPaths[direction]);
}

/** What a button does. */
export function actionIcon(action: TransferAction): TemplateResult {
  return stroke(actionPaths[action]);
}

function stroke(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${path}></path></svg>`;
}

const CIRCLE = "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14";

const directionPaths: Readonly<Record<TransferFacts["direction"], string>> = {
  download: "M10 3.5V13M6 9l4 4 4-4M4 16.5h12",
  upload: "M10 13V3.5M6 7.5l4-4 4 4M4 16.5h12",
};

const phasePaths: Readonly<Partial<Record<TransferPhase, string>>> = {
  done: `${CIRCLE}M6.8 10.2l2.2 2.2 4.2-4.6`,
  failed: `${CIRCLE}M10 6.2v4.6M10 13.6v.1`,
  stalled: "M10 3.2 2.9 16.2h14.2zM10 8v4M10 14v.1",
  paused: `${CIRCLE}M8.2 7.4v5.2M11.8 7.4v5.2`,
  cancelled: `${CIRCLE}M5.1 14.9l9.8-9.8`,
};

const actionPaths: Readonly<Record<TransferAction, string>> = {
  pause: "M7 4.5v11M13 4.5v11",
  resume: "M6.5 4.2v11.6l9-5.8z",
  cancel: "M5 5l10 10M15 5 5 15",
  retry: "M15.9 10.4a6 6 0 1 1-1.6-4.6l1.7 1.7M16 3.7v3.8h-3.8",
  open: "M8.5 4H4v12h12v-4.5M11.5 3.5h5v5M16 4l-6.5 6.5",
  show: "M2.8 15.8V4.5h5l2 2.2h7.4v9.1z",
  remove: "M5 5l10 10M15 5 5 15",
};
