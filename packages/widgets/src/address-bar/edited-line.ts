import type { LitElement } from "lit";
import { FairleadForgetVisitEvent, FairleadNavigateEvent, FairleadSearchEvent } from "./events.ts";
import { cleanAddress } from "./rules/clean-address.ts";
import type { Completion } from "./rules/complete-address.ts";
import {
  editedText,
  editStep,
  type EditEffect,
  type EditEvent,
  type EditRules,
  type EditState,
  offersOf,
  type Told,
  toldOf,
} from "./rules/edit-state.ts";
import { keyEvent } from "./rules/key-event.ts";

/**
 * The line of text while a person edits it: what happens to the one `<input>` of a bar goes through the rules of editing,
 * and what they ask for is done. The bar draws what came of it.
 */
export class EditedLine {
  readonly #bar: LitElement;
  readonly #rules: () => EditRules;
  #state: EditState = { type: "resting" };

  /** @param rules asked for with each event, since what is open and what is remembered change. */
  constructor(bar: LitElement, rules: () => EditRules) {
    this.#bar = bar;
    this.#rules = rules;
  }

  /** The text in it; `undefined` at rest, when the display stands there. */
  get text(): string | undefined {
    return editedText(this.#state, this.#rules().url);
  }

  /** What the person typed, to be found again in the offers; empty where nobody types. */
  get typed(): string {
    if (this.#state.type === "typing") return this.#state.text;
    return this.#state.type === "choosing" ? this.#state.typed : "";
  }

  /** Whether text is being typed and none of the offers is chosen. */
  get isTyping(): boolean {
    return this.#state.type === "typing";
  }

  /** The lines of the list; none when it is closed. */
  get offers(): readonly Completion[] {
    return offersOf(this.#state);
  }

  /** Which of the offers is chosen. */
  get chosen(): number | undefined {
    return this.#state.type === "choosing" ? this.#state.index : undefined;
  }

  /** What is to be said of the text. */
  get told(): Told | undefined {
    return toldOf(this.#state);
  }

  /** The element that is edited; `null` until it is drawn. */
  get input(): HTMLInputElement | null {
    return this.#bar.renderRoot.querySelector("input");
  }

  /** Takes what happened into account, draws again, and does what follows. */
  step(event: EditEvent): void {
    const before = this.#state;
    const { state, effect } = editStep(before, event, this.#rules());
    this.#state = state;
    this.#bar.requestUpdate();
    if (effect !== undefined) void this.#act(effect);
    if (state.type === "typing" && state.inline !== undefined && state !== before) {
      void this.#select(state.text.length);
    }
  }

  /** Has the offers follow another history, before they are drawn; text and selection stay. */
  followHistory(): void {
    this.#state = editStep(this.#state, { type: "history" }, this.#rules()).state;
  }

  /** The press that brings the focus selects all, as `focus` does: it does not put the caret where it fell. */
  readonly press = (event: MouseEvent): void => {
    if (this.#state.type !== "resting" || event.button !== 0) return;
    event.preventDefault();
    this.input?.focus();
  };

  /** The caret was put somewhere. */
  readonly click = (): void => {
    this.step({ type: "caret" });
  };

  /** The focus came. */
  readonly focus = (): void => {
    this.step({ type: "focus" });
  };

  /** The focus went. A window that is left keeps what is being typed in it. */
  readonly blur = (): void => {
    if (!this.#hasFocus()) this.step({ type: "blur" });
  };

  /** The platform changed the text. */
  readonly change = (event: InputEvent): void => {
    const { input } = this;
    if (input === null) return;
    const grows = event.inputType === "insertText" && !event.isComposing && input.selectionStart === input.value.length;
    this.step({ type: "input", text: input.value, grows });
  };

  /** What is pasted is cleaned, and takes the place of what is selected. */
  readonly paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const { input } = this;
    const { text, removed } = cleanAddress(event.clipboardData?.getData("text/plain") ?? "");
    if (input === null || (text === "" && removed.length === 0)) return;
    input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, "end");
    this.step({ type: "paste", text: input.value, removed });
  };

  /** What is dropped takes the place of the whole address. */
  readonly drop = (event: DragEvent): void => {
    event.preventDefault();
    const { text, removed } = cleanAddress(event.dataTransfer?.getData("text/plain") ?? "");
    if (text === "") return;
    this.input?.focus();
    this.step({ type: "paste", text, removed });
  };

  /** A key was pressed. */
  readonly key = (event: KeyboardEvent): void => {
    const decision = keyEvent(event, this.chosen);
    if (decision === undefined) return;
    if (decision.isUsed) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.step(decision.event);
  };

  async #act(effect: EditEffect): Promise<void> {
    switch (effect.type) {
      case "select-all":
        await this.#select(0);
        return;
      case "leave":
        this.input?.blur();
        return;
      case "navigate":
        this.input?.blur();
        this.#bar.dispatchEvent(new FairleadNavigateEvent(effect.url));
        return;
      case "search":
        this.input?.blur();
        this.#bar.dispatchEvent(new FairleadSearchEvent(effect.text));
        return;
      case "forget":
        this.#bar.dispatchEvent(new FairleadForgetVisitEvent(effect.url));
        return;
    }
  }

  /** Selects from there to the end, when the text has been drawn. */
  async #select(from: number): Promise<void> {
    await this.#bar.updateComplete;
    if (this.#hasFocus()) this.input?.setSelectionRange(from, this.input.value.length);
  }

  #hasFocus(): boolean {
    return this.input !== null && this.#bar.shadowRoot?.activeElement === this.input;
  }
}
