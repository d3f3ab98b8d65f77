/** An engine that is called from inside GnuTLS. */
export interface Guarded {
  /** Keeps what a callback threw, to throw it again when GnuTLS has returned. */
  noteCallbackError(error: unknown): void;
}

/**
 * Has engines answer what GnuTLS asks of their sessions. An exception would read as 0 there, which a verification takes for
 * "accepted" and a pull for the end of the stream: it is caught, and answered by a refusal, as is what is asked of a session
 * that no engine has.
 */
export function guardOf<Engine extends Guarded>(
  live: ReadonlyMap<number, Engine>,
): (session: number, refusal: number, answer: (engine: Engine) => number) => number {
  return (session, refusal, answer) => {
    const engine = live.get(session);
    if (engine === undefined) return refusal;
    try {
      return answer(engine);
    } catch (error) {
      engine.noteCallbackError(error);
      return refusal;
    }
  };
}
