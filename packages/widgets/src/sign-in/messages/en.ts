import type { SignInMessages } from "./messages.ts";

/** What the question for credentials says, in English. */
export const signIn: SignInMessages = {
  label: "Sign in",
  serverAsks: "This server wants to know who you are:",
  proxyAsks: "This proxy, through which you reach the network, wants to know who you are:",
  realm: "It calls this area",
  method: "Method",
  schemes: {
    basic: "Basic",
    digest: "Digest",
    negotiate: "Negotiate",
    ntlm: "NTLM",
    bearer: "Token",
    other: "Unknown method",
  },
  explanations: {
    basic: "The server gets your password itself.",
    digest: "The server gets a proof that you know the password, not the password.",
    negotiate: "You are recognised by your account on this network.",
    ntlm: "The server gets a proof that you know the password, not the password.",
    bearer: "The server gets the token itself. Whoever has it can act as you.",
    other: "What is sent depends on a method that is not known here.",
  },
  encrypted: "Encrypted on the way",
  warnings: {
    "secret-in-the-clear": "Not encrypted: everybody on the way to this server can read what you type here.",
    "content-in-the-clear":
      "Not encrypted: your password is not sent, but everybody on the way can read and change what you see.",
    "guessable-in-the-clear": "Not encrypted: whoever records the sign-in can try out passwords until they find yours.",
    embedded: "This is not the site that is open. A part of that site comes from here.",
  },
  embeddedIn: "Open is",
  refused: (username) =>
    username === ""
      ? "What you entered was refused."
      : `The account \u2068${username}\u2069, or its password, was refused.`,
  username: "User name",
  password: "Password",
  token: "Token",
  show: "Show",
  hide: "Hide",
  showSecret: "Show what is typed",
  capsLock: "Caps lock is on.",
  consent: "Send it although others can read it",
  remember: "Remember",
  lifetimes: {
    once: "Not at all",
    memory: "Until this program ends",
    store: "Also after that",
  },
  problems: {
    "username-missing": "Enter a user name.",
    "username-colon": "This method allows no colon in a user name.",
    "username-control": "The user name holds a character that cannot be sent.",
    "secret-missing": "Enter a token.",
    "consent-missing": "Confirm that it may be sent although others can read it, or cancel.",
  },
  submit: "Sign in",
  cancel: "Cancel",
};
