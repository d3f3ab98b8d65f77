import { FairleadElement } from "@fairlead/widgets";
import { css, type CSSResultGroup, type CSSResultOrNative } from "lit";
import type { ConsoleMessages } from "./messages/messages.ts";
import { consoleMessages } from "./messages/console-messages.ts";

/** What all elements of the page have in common: the look of the widgets, and the words of the console beside theirs. */
export abstract class ConsoleElement extends FairleadElement {
  /** A tool is denser than the pages that the widgets stand in. */
  static override finalizeStyles(styles: CSSResultGroup = []): CSSResultOrNative[] {
    return super.finalizeStyles([denser, styles]);
  }

  /** The console's words, in the language that the widgets of the page speak. */
  protected get texts(): ConsoleMessages {
    return consoleMessages(this.words.locale);
  }
}

const denser = css`
  :host {
    font-size: 0.875rem;
  }
`;
