import type { EditEvent } from "./edit-state.ts";

/** A key as the platform tells it. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  /** 229 of every key that an input method takes for itself. */
  readonly keyCode: number;
}

/** What a key does. */
export interface KeyDecision {
  readonly event: EditEvent;
  /** Whether the key is used up: the platform, and whoever stands around the bar, take no notice of it. */
  readonly isUsed: boolean;
}

/**
 * Decides what a key means in the line; `undefined` for what only the platform cares about. While a character is being
 * composed all keys belong to that; Safari says so of the key that ends it by its code alone.
 *
 * @param chosen which line of the list is chosen.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
export function keyEvent(pressed: PressedKey, chosen: number | undefined): KeyDecision | undefined {
  if (pressed.isComposing || pressed.keyCode === COMPOSING || pressed.ctrlKey || pressed.metaKey) return undefined;
  const { key, shiftKey, altKey } = pressed;
  if (key === "Delete" && shiftKey && chosen !== undefined) return used({ type: "forget", index: chosen });
  switch (key) {
    case "Enter":
      return used({ type: "enter" });
    case "Escape":
      return used({ type: "escape" });
    case "ArrowDown":
      return shiftKey ? undefined : used({ type: "move", to: "next" });
    case "ArrowUp":
      return shiftKey || altKey ? undefined : used({ type: "move", to: "previous" });
    case "PageDown":
      return used({ type: "move", to: "last" });
    case "PageUp":
      return used({ type: "move", to: "first" });
    case "ArrowLeft":
    case "ArrowRight":
    case "Home":
    case "End":
      return { event: { type: "caret" }, isUsed: false };
    default:
      return undefined;
  }
}

/** @see UI Events section 9.3.1 */
const COMPOSING = 229;

function used(event: EditEvent): KeyDecision {
  return { event, isUsed: true };
}
