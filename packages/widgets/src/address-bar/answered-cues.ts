import type { PhishingCue } from "../url/cues/phishing-cue.ts";

/** The notices that a person understood: for their origin and their kind they are not shown again. */
export class AnsweredCues {
  readonly #understood = new Set<string>();

  /** Returns the first of the cues about a page that the person has not understood yet. */
  firstOpen(cues: readonly PhishingCue[], url: string): PhishingCue | undefined {
    return cues.find((cue) => !this.#understood.has(cueKey(cue, url)));
  }

  /** Takes down that the person understood. */
  understand(cue: PhishingCue, url: string): void {
    this.#understood.add(cueKey(cue, url));
  }
}

function cueKey(cue: PhishingCue, url: string): string {
  return `${URL.parse(url)?.origin ?? ""} ${cue.type}`;
}
