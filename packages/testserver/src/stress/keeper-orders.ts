import type { StressPlan } from "./protocol/stress-plan.ts";

/** What the keeper is told, one JSON text a line. */
export type KeeperOrder =
  /** Puts the machine under stress. */
  | { readonly type: "load"; readonly plan: StressPlan }
  /** Takes care of a command: pauses it, and ends it when nobody is left to. */
  | { readonly type: "guard"; readonly processGroup: number; readonly folder: string }
  /** Ends both; the command has ended. */
  | { readonly type: "relieve" };
