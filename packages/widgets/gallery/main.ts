import { defineWidgets, english, pageMessages } from "@fairlead/widgets";
import { arabic } from "@fairlead/widgets/messages/ar";
import { html, render } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";
import { sections } from "./sections.ts";

// `?section=TAG&state=NAME` shows one state alone; `theme=light|dark` and `lang=en|ar` set what the system would.
const asked = new URLSearchParams(location.search);
const messages = asked.get("lang") === "ar" ? arabic : english;
pageMessages.use(messages);
document.documentElement.lang = messages.locale;
document.documentElement.dir = messages.direction;
document.documentElement.dataset["theme"] = asked.get("theme") ?? "system";

defineWidgets();

const shown = sections
  .filter(({ tag }) => !asked.has("section") || tag === asked.get("section"))
  .map((section) => ({
    ...section,
    states: section.states.filter(({ name }) => !asked.has("state") || name === asked.get("state")),
  }));

render(shown.map(drawSection), document.body);
for (const { tag, states } of shown) for (const state of states) await prepare(tag, state);
document.documentElement.dataset["ready"] = "";

function drawSection({ tag, states }: GallerySection): unknown {
  return html`<section aria-labelledby=${`title-${tag}`}>
    <h2 id=${`title-${tag}`}>&lt;${tag}&gt;</h2>
    ${states.map(
      (state) =>
        html`<figure>
          <figcaption>${state.shows}</figcaption>
          <div class="state" id=${`${tag}--${state.name}`}>${state.render()}</div>
        </figure>`,
    )}
  </section>`;
}

async function prepare(tag: string, state: GalleryState): Promise<void> {
  const host = document.getElementById(`${tag}--${state.name}`);
  if (host === null) return;
  for (const each of host.querySelectorAll<HTMLElement & { readonly updateComplete?: Promise<unknown> }>("*")) {
    await each.updateComplete;
  }
  await state.prepare?.(host);
}
