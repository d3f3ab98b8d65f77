import type { TemplateResult } from "lit";

/** A widget in one of its states, as a page shows it. */
export interface GalleryState {
  /** `kebab-case`, unique in its section: names the screenshot. */
  readonly name: string;
  /** What is to be seen, in a sentence. */
  readonly shows: string;
  /** It covers the page, as a modal dialog does, so it is drawn only where it is asked for by name. */
  readonly coversPage?: boolean;
  render(): TemplateResult;
  /** Brings it into the state, by hand as a person would, when it has been drawn. */
  prepare?(host: HTMLElement): void | Promise<void>;
}

/** A widget in all its states. */
export interface GallerySection {
  /** The element's name. */
  readonly tag: string;
  readonly states: readonly GalleryState[];
}
