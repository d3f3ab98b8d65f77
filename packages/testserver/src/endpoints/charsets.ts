import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { HeaderFields } from "./exchange.ts";

/** Texts in encodings of the web, as bytes in hexadecimal. WHATWG Encoding section 4.2. */
const texts: Readonly<Record<string, readonly [text: string, bytes: string]>> = {
  "utf-8": ["Grüße, 世界 🦊", "4772c3bcc39f652c20e4b896e7958c20f09fa68a"],
  "utf-8-bom": ["Grüße", "efbbbf4772c3bcc39f65"],
  "utf-16le": ["Grüße", "47007200fc00df006500"],
  "utf-16be": ["Grüße", "0047007200fc00df0065"],
  "utf-16le-bom": ["Grüße", "fffe47007200fc00df006500"],
  "iso-8859-1": ["Grüße", "4772fcdf65"],
  "windows-1252": ["€ – Grüße", "802096204772fcdf65"],
  "iso-8859-15": ["€", "a4"],
  "windows-1251": ["Привет", "cff0e8e2e5f2"],
  "koi8-r": ["Привет", "f0d2c9d7c5d4"],
  shift_jis: ["日本語", "93fa967b8cea"],
  "euc-jp": ["日本語", "c6fccbdcb8ec"],
  "iso-2022-jp": ["日本語", "1b2442467c4b5c386c1b2842"],
  gb18030: ["中文", "d6d0cec4"],
  big5: ["中文", "a4a4a4e5"],
  "euc-kr": ["한국어", "c7d1b1b9beee"],
};

/** Texts in other encodings than UTF-8, declared rightly, wrongly or not. */
export const charsetFamily: EndpointFamily = endpointFamily("charsets", "send text in the encodings of the web", [
  {
    path: "/charset/:name?declared=NAME",
    does: "sends a text in this encoding, declared as it is, as given, or with declared=none not at all",
    example: "/charset/shift_jis",
    handle: (exchange) => {
      const name = exchange.text("name").toLowerCase();
      const known = Object.hasOwn(texts, name) ? texts[name] : undefined;
      if (known === undefined) throw new BadRequest(`"name" takes ${Object.keys(texts).join(", ")}`);
      const declared = exchange.text("declared", name.replace(/-bom$/, ""));
      if (!/^[\w:.-]{1,50}$/.test(declared)) throw new BadRequest('"declared" is the name of an encoding, or none');
      const charset = declared === "none" ? "" : `; charset=${declared}`;
      const fields: HeaderFields = { "content-type": `text/plain${charset}` };
      exchange.send(200, fields, Buffer.from(known[1], "hex"));
    },
  },
  {
    path: "/charset/meta/:name",
    does: "sends a page whose own meta element says in which encoding it is",
    example: "/charset/meta/windows-1251",
    handle: (exchange) => {
      const name = exchange.text("name").toLowerCase();
      const known = Object.hasOwn(texts, name) ? texts[name] : undefined;
      if (known === undefined || name.startsWith("utf-16")) throw new BadRequest("there is no such page");
      const page = [
        `<!DOCTYPE html><meta charset="${name}"><p>`,
        Buffer.from(known[1], "hex").toString("latin1"),
        "</p>\n",
      ];
      exchange.send(200, { "content-type": "text/html" }, Buffer.from(page.join(""), "latin1"));
    },
  },
]);

/** The text that a name of `/charset` stands for, by name. */
export const charsetTexts: ReadonlyMap<string, string> = new Map(
  Object.entries(texts).map(([name, [text]]) => [name, text]),
);
