/** What runs in a page when a text becomes a script, for the page to notice. */
export const BAIT_FLAG = "baitTaken";

/** Where a text leads that becomes an address: nothing may ask it for anything. */
export const BAIT_HOST = "bait.invalid";

const run = `globalThis.${BAIT_FLAG}=1`;

/** What an attacker would have a certificate, a file, a server or an address say. */
const kernels: readonly string[] = [
  `<script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img src="https://${BAIT_HOST}/image">`,
  `"><svg onload=${run}>`,
  `' onfocus='${run}' autofocus='`,
  `</style><style>@import "https://${BAIT_HOST}/style"</style>`,
  `</template></title></textarea><iframe srcdoc="<script>parent.${BAIT_FLAG}=1</script>">`,
  `<a href="javascript:${run}">here</a>`,
  `javascript:${run}//`,
  `data:text/html,<script>${run}</script>`,
  `https://${BAIT_HOST}/`,
  `//${BAIT_HOST}`,
  `url(https://${BAIT_HOST}/css)`,
  `;background:url(//${BAIT_HOST}/declaration)`,
  `<form action="https://${BAIT_HOST}/"><input name=q autofocus>`,
  `<meta http-equiv=refresh content="0;url=https://${BAIT_HOST}/">`,
  `<base href="https://${BAIT_HOST}/">`,
  `<x-bait></x-bait>`,
  "<!--?lit$1$--><!---->",
  "${globalThis}{{7*7}}",
  "__proto__",
  "constructor",
  "\u202eexe.gpj",
  "\u2066\u2067\u2068\u2069\u200f",
  "bank\u0000.example",
  "\r\nSet-Cookie: bait=1",
  "\ud800",
  "\udfff\ud800",
  "\ufeff\ufffe\uffff",
  "a\u0300".repeat(400),
  "\u{e0062}\u{e0061}\u{e0069}\u{e0074}",
  "\u00a0\u2003\u3000\u2800",
  "🔒 Secure",
  "W".repeat(300),
  "xn--",
  "%00%ff%c0%af",
  "\u001b[31m",
];

/** How long the longest are. */
const LONGEST = 65_536;

/** A hostile text for each number: the kernels, alone, in pairs, wrapped in what looks harmless, and now and then of 64 KiB. */
export function hostileText(index: number): string {
  const kernel = kernels[index % kernels.length] ?? "";
  const turn = Math.floor(index / kernels.length);
  const other = kernels[(turn * 7) % kernels.length] ?? "";
  if (turn % 40 === 39) return kernel.repeat(Math.ceil(LONGEST / kernel.length)).slice(0, LONGEST);
  switch (turn % 4) {
    case 0:
      return turn === 0 ? kernel : `${kernel} ${turn}`;
    case 1:
      return `${other}${kernel}`;
    case 2:
      return `https://${turn}.example/${kernel}?${other}`;
    default:
      return `CN=${kernel},O=${other}`;
  }
}
