import { defineWidgets, english, pageMessages } from "@fairlead/widgets";
import { arabic } from "@fairlead/widgets/messages/ar";
import { html, nothing, render, type TemplateResult } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";
import { sections } from "./sections.ts";
import { type GalleryView, languages, readView, themes, widths, writeView } from "./view.ts";

const view = readView(location.search);
const messages = view.lang === "ar" ? arabic : english;
pageMessages.use(messages);
const root = document.documentElement;
root.lang = messages.locale;
root.dir = messages.direction;
root.dataset["theme"] = view.theme;
root.dataset["width"] = view.width;
root.dataset["fonts"] = view.fonts;

defineWidgets();

const shown = sections
  .filter(({ tag }) => view.section === undefined || tag === view.section)
  .map((section) => ({
    ...section,
    states: section.states.filter(({ name }) => view.state === undefined || name === view.state),
  }));

render(view.section === undefined ? drawGallery() : html`<main>${shown.map(drawSection)}</main>`, document.body);
for (const { tag, states } of shown) for (const state of states) await prepare(tag, state);
document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
root.dataset["ready"] = "";

/** The gallery's own words are English, whatever the widgets speak. */
function drawGallery(): TemplateResult {
  return html`
    <header lang="en" dir="ltr">
      <h1>Fairlead widgets</h1>
      <div class="choices">
        ${drawChoice("theme", "Theme", themes, { system: "System", light: "Light", dark: "Dark" })}
        ${drawChoice("lang", "Language", languages, { en: "English", ar: "العربية" })}
        ${drawChoice("width", "Width", widths, {
          full: "Full",
          "320": "320 px",
          "400": "400 px",
          "768": "768 px",
          "1280": "1280 px",
        })}
      </div>
    </header>
    <div class="page">
      <nav lang="en" dir="ltr" aria-label="Widgets">
        <ul>
          ${sections.map(
            ({ tag, states }) =>
              html`<li>
                <a href=${`#${tag}`}>${title(tag)} <span class="count" aria-hidden="true">${states.length}</span></a>
              </li>`,
          )}
        </ul>
        <p>
          The system's forced colours are heeded: try them in the developer tools under Rendering, “Emulate CSS media
          feature forced-colors”.
        </p>
      </nav>
      <main>${shown.map(drawSection)}</main>
    </div>
  `;
}

function drawChoice<Name extends "theme" | "lang" | "width">(
  name: Name,
  label: string,
  choices: readonly GalleryView[Name][],
  words: Readonly<Record<GalleryView[Name], string>>,
): TemplateResult {
  const choose = (event: Event): void => {
    // The listener is the select's own.
    const { value } = event.currentTarget as HTMLSelectElement;
    location.search = writeView({ ...view, [name]: value });
  };
  return html`<label
    >${label}
    <select @change=${choose}>
      ${choices.map((choice) => html`<option value=${choice} ?selected=${view[name] === choice}>${words[choice]}</option>`)}
    </select></label
  >`;
}

function drawSection({ tag, states }: GallerySection): TemplateResult {
  return html`<section aria-labelledby=${`title-${tag}`} id=${tag}>
    ${drawTitle(tag)}
    ${states.map((state) => drawState(tag, state))}
  </section>`;
}

function drawTitle(tag: string): TemplateResult {
  const name = html`<bdi dir="ltr">&lt;${tag}&gt;</bdi>`;
  const id = `title-${tag}`;
  return view.section === undefined ? html`<h2 id=${id}>${name}</h2>` : html`<h1 id=${id}>${name}</h1>`;
}

function drawState(tag: string, state: GalleryState): TemplateResult {
  const id = `${tag}--${state.name}`;
  const alone = writeView({ ...view, section: tag, state: state.name });
  const isCovering = state.coversPage === true && view.state === undefined;
  return html`<figure id=${`${id}-figure`}>
    <figcaption lang="en" dir="ltr">
      ${view.section === undefined ? html`<a href=${alone}>${state.name}</a>` : nothing} ${state.shows}
    </figcaption>
    <div class="state" id=${id}>${isCovering ? html`<a href=${alone} lang="en" dir="ltr">Open it</a>` : state.render()}</div>
  </figure>`;
}

function title(tag: string): string {
  const words = tag.replace("fairlead-", "").replace("tls", "TLS").replaceAll("-", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

async function prepare(tag: string, state: GalleryState): Promise<void> {
  const host = document.getElementById(`${tag}--${state.name}`);
  if (host === null || (state.coversPage === true && view.state === undefined)) return;
  for (const each of host.querySelectorAll<HTMLElement & { readonly updateComplete?: Promise<unknown> }>("*")) {
    await each.updateComplete;
  }
  await state.prepare?.(host);
}
