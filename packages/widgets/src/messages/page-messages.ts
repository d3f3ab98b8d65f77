import { english } from "./en.ts";
import type { Messages } from "./messages.ts";

/** Told when the words of the page change. */
export type MessagesListener = () => void;

/** The words that all widgets of a page speak, English until others are set: a page has one, as it has one language. */
class PageMessages {
  #current: Messages = english;
  readonly #listeners = new Set<MessagesListener>();

  get current(): Messages {
    return this.#current;
  }

  /** Has all widgets of the page speak these from now on. */
  use(messages: Messages): void {
    this.#current = messages;
    for (const each of [...this.#listeners]) each();
  }

  listen(listener: MessagesListener): void {
    this.#listeners.add(listener);
  }

  forget(listener: MessagesListener): void {
    this.#listeners.delete(listener);
  }
}

/**
 * The words of the page's widgets.
 *
 * @example
 * const { arabic } = await import("@fairlead/widgets/messages/ar");
 * pageMessages.use(arabic);
 */
export const pageMessages: PageMessages = new PageMessages();
