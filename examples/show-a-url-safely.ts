/** Shows URLs, as a log or a mail would, so that nobody is deceived about whom they belong to, and says what was done. */
import { displayUrl, phishingCues } from "@fairlead/widgets/url";
import { loadUrlData } from "@fairlead/widgets/url-data";

const data = await loadUrlData();
const addresses = [
  "https://www.bank.example:443/accounts",
  "https://bank.example@attacker.example/",
  "https://xn--pypal-4ve.com/",
  "http://0x7f.1/",
];

for (const address of addresses) {
  const display = displayUrl(address, data);
  if (display.type === "text") {
    console.log(`no URL: ${display.text}`);
    continue;
  }
  console.log(display.parts.map(({ text, emphasis }) => (emphasis === "strong" ? `[${text}]` : text)).join(""));
  for (const note of display.notes) console.log(`  ${note.type}`);
  for (const cue of phishingCues(display, { ...data, now: Date.now() })) console.log(`  ${cue.certainty}: ${cue.type}`);
}
