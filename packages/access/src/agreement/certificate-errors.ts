import type { CertificateQuestion } from "@fairlead/tls";
import type { CertificateExceptions } from "../memory/certificate-exceptions.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { OnCertificateError } from "../options.ts";
import type { Target } from "../target.ts";
import { exceptionKey } from "./protocol/certificate-exception.ts";
import type { Round } from "./shared-questions.ts";

/**
 * Which certificates are let in although verification refused them: what the application answered, now or for good. On a
 * known HSTS host there is none, and nobody is asked (RFC 6797 section 8.4).
 */
export class CertificateErrors {
  readonly #ask: OnCertificateError;
  readonly #exceptions: CertificateExceptions;
  readonly #hsts: HstsMemory;
  readonly #lessons: LostLessons;

  constructor(ask: OnCertificateError, exceptions: CertificateExceptions, hsts: HstsMemory, lessons: LostLessons) {
    this.#ask = ask;
    this.#exceptions = exceptions;
    this.#hsts = hsts;
    this.#lessons = lessons;
  }

  /** Whether there may be exceptions for this server at all. */
  allows({ host }: Target): boolean {
    return !this.#hsts.knows(host);
  }

  /** What is remembered as accepted, by `exceptionKey`. */
  recall(target: Target): readonly string[] {
    return this.allows(target) ? this.#exceptions.recall(target) : [];
  }

  /**
   * Asks the application, once for all requests of a round that saw this certificate.
   *
   * @throws what the application threw.
   */
  decide(target: Target, asked: CertificateQuestion, round: Round, signal: AbortSignal | undefined): Promise<boolean> {
    const { error, problems, chain, staple, fingerprint } = asked;
    const key = exceptionKey(asked);
    return round.ask(`certificate ${key}`, signal, async (nobodyWaits) => {
      const { origin, host, port } = target;
      const answer = await this.#ask({
        origin,
        host,
        port,
        error,
        problems,
        chain,
        staple,
        fingerprint,
        signal: nobodyWaits,
      });
      // Whatever else an application without types answers is no yes.
      const isAccepted = answer.type === "accept";
      const remember = isAccepted ? (answer.remember ?? false) : false;
      if (remember !== false) {
        this.#lessons.guard(() => {
          this.#exceptions.remember(target, key, remember === true ? undefined : remember.milliseconds);
        });
      }
      return isAccepted;
    });
  }
}
