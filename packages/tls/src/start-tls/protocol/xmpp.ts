import { type Dialogue, type DialoguePart, InvalidAnswer } from "./dialogue.ts";
import { bytesOf } from "./lines.ts";

/**
 * Asks an XMPP server for TLS; the stream has to be opened anew afterwards.
 *
 * @param domain the domain that is served there.
 * @see RFC 6120 sections 4.2, 5.4 and 11.1
 */
export function* xmppDialogue(domain: string): Dialogue {
  const opening =
    `<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' xmlns='jabber:client' ` +
    "xmlns:stream='http://etherx.jabber.org/streams'>";
  yield { type: "send", bytes: bytesOf(opening) };
  let offered = false;
  for (;;) {
    const tag = yield* readTag();
    if (tag.name === "error") return { type: "refused", answer: "the stream ended with an error" };
    if (tag.name === "starttls" && tag.namespace === tlsNamespace) offered = true;
    if (tag.name === "features" && tag.closes) break;
  }
  if (!offered) return { type: "refused", answer: "starttls is not among its features" };
  yield { type: "send", bytes: bytesOf(`<starttls xmlns='${tlsNamespace}'/>`) };
  const answer = yield* readTag();
  if (answer.name === "failure") return { type: "refused", answer: "it answered with a failure" };
  if (answer.name !== "proceed" || answer.namespace !== tlsNamespace) throw new InvalidAnswer("it does not proceed");
  if (!answer.closes && (yield* readTag()).name !== "proceed") throw new InvalidAnswer("it does not proceed");
  return { type: "secure" };
}

const tlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
const maxTagBytes = 4_096;

interface Tag {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** `</a>` or `<a/>`. */
  readonly closes: boolean;
}

/** Reads up to the end of the next tag; text before it and the XML declaration are passed over. */
function* readTag(): DialoguePart<Tag> {
  for (;;) {
    while ((yield* readCharacter()) !== "<") continue;
    const tag = yield* readMarkup();
    // Comments, document types and sections are not allowed in a stream.
    if (tag.startsWith("!")) throw new InvalidAnswer("it sends what XMPP forbids");
    if (tag.startsWith("?")) continue;
    const [, ending = "", name] = /^(\/?)(?:[\w.-]+:)?([\w.-]+)/.exec(tag) ?? [];
    if (name === undefined) throw new InvalidAnswer("it is not XML");
    const [, , namespace] = /\sxmlns=(["'])(.*?)\1/.exec(tag) ?? [];
    return { name, namespace, closes: ending === "/" || tag.endsWith("/") };
  }
}

/** What is between `<` and `>`, the latter not counted inside of quotes. */
function* readMarkup(): DialoguePart<string> {
  let text = "";
  let quote = "";
  for (;;) {
    const character = yield* readCharacter();
    if (character === ">" && quote === "") return text;
    if (quote === character) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    text += character;
    if (text.length > maxTagBytes) throw new InvalidAnswer("a tag is too long");
  }
}

function* readCharacter(): DialoguePart<string> {
  return String.fromCharCode(...(yield { type: "take", count: 1 }));
}
