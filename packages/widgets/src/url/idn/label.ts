import type { IdentifierStatus } from "../data/identifier-status.ts";

/** A label in Unicode, and what the rules may know beside it. */
export interface Label {
  readonly text: string;
  /** The scripts of its letters, if they may stand together at all. */
  readonly scripts: LabelScripts | undefined;
  /** The last label of its host, in ASCII and in Unicode. */
  readonly topLevel: { readonly ascii: string; readonly unicode: string };
  readonly identifierStatus: IdentifierStatus;
}

/** A script, or a set of scripts that are written together; `single` when Latin letters are not among others. */
export interface LabelScripts {
  readonly name: string;
  readonly single: boolean;
}

/** A rule about a label: what it objects to, or `undefined`. */
export type Objection = (label: Label) => string | undefined;
