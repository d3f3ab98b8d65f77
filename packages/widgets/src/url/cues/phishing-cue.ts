/** Why a URL could be a deception, and how certain that is. */
export type PhishingCue =
  /** It looks like a site that the user visits, or a well-known one, and is another. */
  | {
      readonly type: "look-alike";
      /** The site's registrable domain, in ASCII. */
      readonly of: string;
      readonly known: "visited" | "well-known";
      /** The same to the eye (Unicode's data), digits in the place of letters, or one character changed. */
      readonly how: "same-to-the-eye" | "digits-for-letters" | "one-character";
      readonly certainty: CueCertainty;
    }
  /** The name of a site stands where another one decides: `paypal.com.evil.example`, `login-paypal.com`. */
  | {
      readonly type: "deceptive-name";
      readonly of: string;
      readonly known: "visited" | "well-known";
      readonly where: "subdomain" | "registrable-domain";
      readonly certainty: CueCertainty;
    }
  /** So many characters stand before the registrable domain that a narrow window shows only them. */
  | { readonly type: "hidden-domain"; readonly characters: number; readonly certainty: CueCertainty }
  /** The server's certificate is younger than most that are honest. */
  | { readonly type: "fresh-certificate"; readonly ageMilliseconds: number; readonly certainty: CueCertainty }
  /** The page asks for a password, and everybody on the way can read it. */
  | { readonly type: "password-in-the-clear"; readonly certainty: CueCertainty };

/** `likely` is worth a warning, `possible` a hint. Nothing here is proof. */
export type CueCertainty = "likely" | "possible";
