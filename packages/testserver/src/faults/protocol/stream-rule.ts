/** What is next in one direction of a connection. */
export interface Head {
  /** An end is a FIN, a reset an RST. */
  readonly type: "bytes" | "end" | "reset";
  /** Bytes that went before it since the rule came. */
  readonly offset: number;
  /** Bytes that are there; 0 for an end and a reset. */
  readonly sizeBytes: number;
  /** Milliseconds, of any clock that only goes forward. */
  readonly arrivedAt: number;
}

/** How a connection is cut off. */
export type Cut = "reset" | "close" | "half-close";

/** What becomes of a head. */
export type Decision =
  /** So many of its bytes leave, at that moment or when it has passed. */
  | { readonly type: "pass"; readonly at: number; readonly sizeBytes: number }
  /** It does not leave while the rule is there. */
  | { readonly type: "hold" }
  /** It is lost, all of it that is there. */
  | { readonly type: "drop" }
  | { readonly type: "cut"; readonly how: Cut };

/**
 * What one fault does to one direction of one connection. Holds no bytes: it is asked about those that are next, so that
 * a rule that comes or goes acts on all that has not left yet.
 */
export interface StreamRule {
  /** Decides on what is next; asking changes nothing. */
  readonly decide: (head: Head, now: number) => Decision;
  /** Takes note that so many bytes of the head left. */
  readonly passed?: (head: Head, sizeBytes: number, now: number) => void;
  /** Changes bytes that leave, in place; the first of them has this offset. */
  readonly change?: (bytes: Uint8Array, offset: number) => void;
  /** When the direction is cut off whether or not something comes. */
  readonly cut?: { readonly at: number; readonly how: Cut };
}

/** A rule where it came to a direction. */
export interface PlacedRule {
  readonly rule: StreamRule;
  /** Bytes that had gone before. */
  readonly from: number;
}

/** What becomes of a head by all rules together, and which of them cuts it off. */
export type Verdict<Placed extends PlacedRule> =
  | Exclude<Decision, { readonly type: "cut" | "drop" }>
  /** So many of its bytes are lost; another rule has a word on those behind them. */
  | { readonly type: "drop"; readonly sizeBytes: number }
  | { readonly type: "cut"; readonly how: Cut; readonly by: Placed };

/** A head as one rule sees it. */
export function headFor({ from }: PlacedRule, head: Head): Head {
  return { ...head, offset: head.offset - from };
}

/** Decides on what is next by all rules together: the latest moment, the fewest bytes, and the worst of fates. */
export function decideAll<Placed extends PlacedRule>(
  rules: readonly Placed[],
  head: Head,
  now: number,
): Verdict<Placed> {
  let { sizeBytes, arrivedAt: at } = head;
  let isHeld = false;
  let isDropped = false;
  for (const placed of rules) {
    const decision = placed.rule.decide(headFor(placed, head), now);
    switch (decision.type) {
      case "cut":
        return { ...decision, by: placed };
      case "hold":
        isHeld = true;
        break;
      case "drop":
        isDropped = true;
        break;
      case "pass":
        at = Math.max(at, decision.at);
        sizeBytes = Math.min(sizeBytes, decision.sizeBytes);
    }
  }
  if (isHeld) return { type: "hold" };
  return isDropped ? { type: "drop", sizeBytes } : { type: "pass", at, sizeBytes };
}
