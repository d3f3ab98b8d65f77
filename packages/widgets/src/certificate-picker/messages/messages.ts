import type { IdentityQuestion } from "../identity-question.ts";
import type { IdentityState } from "../rules/identity-list.ts";

/** What the question for a client certificate says. Text with values in it is a function, since languages order them differently. */
export interface CertificatePickerMessages {
  /** Its name, and its title. */
  readonly label: string;
  readonly asks: Readonly<Record<IdentityQuestion["role"], string>>;
  /** What whoever gets it learns from it. */
  readonly reveals: string;
  readonly authorities: (count: number) => string;
  readonly noAuthorities: string;
  readonly identities: string;
  readonly filter: string;
  readonly found: (count: number) => string;
  /** More fit than are shown. */
  readonly more: (count: number) => string;
  readonly noneSuitable: string;
  readonly issuedBy: string;
  /** @param distance from now, or the day where it cannot be read. */
  readonly states: Readonly<Record<IdentityState, (distance: string) => string>>;
  readonly unnamed: string;
  readonly remember: string;
  readonly send: string;
  readonly without: string;
  readonly cancel: string;
}
