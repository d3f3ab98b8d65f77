import { LitElement, type CSSResultOrNative, type CSSResultGroup } from "lit";
import { pageMessages, type MessagesListener } from "./messages/page-messages.ts";
import type { Messages } from "./messages/messages.ts";
import { controls } from "./styles/controls.ts";
import { tokens } from "./styles/tokens.ts";

/** A class of elements that can be given its name in a page. */
export interface WidgetClass extends CustomElementConstructor {
  readonly tag: string;
  /** Elements that it has inside of itself. */
  readonly uses: readonly WidgetClass[];
}

/**
 * What all widgets have in common: the words that they speak, the look, and how they get their name. Everything that a
 * widget shows is written by Lit as text, attribute or property: nothing that it is given is ever read as markup.
 *
 * @cssprop --fairlead-surface - What it stands on, and fields.
 * @cssprop --fairlead-raised - Heads, rows under the pointer, what stands out a little.
 * @cssprop --fairlead-text - Text.
 * @cssprop --fairlead-quiet - Text that explains.
 * @cssprop --fairlead-line - Lines between things.
 * @cssprop --fairlead-edge - Borders of what can be operated.
 * @cssprop --fairlead-accent - What is chosen, links, the ring of the focus, the first of several buttons.
 * @cssprop --fairlead-on-accent - Text on the accent.
 * @cssprop --fairlead-accent-surface - Behind what is chosen.
 * @cssprop --fairlead-good - Text that says that all is well.
 * @cssprop --fairlead-good-surface - Behind it.
 * @cssprop --fairlead-caution - Text that asks for a second look.
 * @cssprop --fairlead-caution-surface - Behind it.
 * @cssprop --fairlead-danger - Text that warns, and buttons that weaken something.
 * @cssprop --fairlead-danger-surface - Behind it.
 * @cssprop --fairlead-font - The font of text.
 * @cssprop --fairlead-mono - The font of addresses, codes and fingerprints.
 * @cssprop --fairlead-radius - How round corners are.
 * @cssprop --fairlead-space - The step of distances.
 */
export abstract class FairleadElement extends LitElement {
  static readonly tag: string = "";
  static readonly uses: readonly WidgetClass[] = [];

  static override properties: Record<string, object> = { messages: { attribute: false } };

  /** Words for this element alone; `undefined`, the default, takes those of the page. */
  declare messages: Messages | undefined;

  readonly #speakAgain: MessagesListener = () => {
    this.requestUpdate();
  };

  constructor() {
    super();
    this.messages = undefined;
  }

  /** The look that all share comes first, so that a widget's own has the last word. */
  static override finalizeStyles(styles?: CSSResultGroup): CSSResultOrNative[] {
    return [tokens, controls, ...super.finalizeStyles(styles)];
  }

  /** The words to speak: the element's own, or the page's. */
  protected get words(): Messages {
    return this.messages ?? pageMessages.current;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    pageMessages.listen(this.#speakAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    pageMessages.forget(this.#speakAgain);
  }

  /** The language and the direction of its words are those of the catalogue, whatever surrounds it. */
  protected override willUpdate(): void {
    const { locale, direction } = this.words;
    if (this.lang !== locale) this.lang = locale;
    if (this.dir !== direction) this.dir = direction;
  }
}

/** Gives elements, and those that they have inside, their names in a page. What has its name already keeps it. */
export function defineElements(
  classes: readonly WidgetClass[],
  registry: CustomElementRegistry = customElements,
): void {
  for (const each of classes) {
    defineElements(each.uses, registry);
    if (registry.get(each.tag) === undefined) registry.define(each.tag, each);
  }
}
