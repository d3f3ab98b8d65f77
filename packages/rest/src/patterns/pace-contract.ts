/** Has calls wait before they would be refused: an option of a REST client. One may be shared by several. */
export interface Pace {
  /** Waits for the turn of a call. @throws PolicyError RATE_LIMITED, the signal's reason. */
  turn(origin: string, signal?: AbortSignal): Promise<void>;
  /** Takes in what an answer says. */
  learn(origin: string, status: number, field: (name: string) => string | undefined): void;
}
