import { html, nothing, type TemplateResult } from "lit";
import type { HopDetails } from "../../protocol/index.ts";
import { shortUrl } from "../text/short-url.ts";
import type { TransactionMessages } from "./messages/messages.ts";

/** A person wants to see another hop. */
export class ConsoleHopEvent extends Event {
  /** From 0. */
  readonly hop: number;

  constructor(hop: number) {
    super("console-hop", { bubbles: true, composed: true });
    this.hop = hop;
  }
}

/** Lets a person choose a hop, where there are several. Its change is told by `ConsoleHopEvent` from the element. */
export function hopChoice(
  hops: readonly HopDetails[],
  chosen: number,
  texts: TransactionMessages,
): TemplateResult | typeof nothing {
  if (hops.length < 2) return nothing;
  return html`<label class="hop-choice">
    <span class="quiet">${texts.hop}</span>
    <select
      @change=${({ currentTarget }: Event) => {
        if (currentTarget instanceof HTMLSelectElement)
          currentTarget.dispatchEvent(new ConsoleHopEvent(Number(currentTarget.value)));
      }}
    >
      ${hops.map(
        ({ url }, index) =>
          html`<option value=${index} ?selected=${index === chosen}>${texts.hopOf(index + 1, shortUrl(url))}</option>`,
      )}
    </select>
  </label>`;
}

declare global {
  interface HTMLElementEventMap {
    "console-hop": ConsoleHopEvent;
  }
}
