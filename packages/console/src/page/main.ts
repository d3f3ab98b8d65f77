import { defineWidgets } from "@fairlead/widgets";
import { html, render } from "lit";

defineWidgets();
render(html`<main><h1>Fairlead</h1></main>`, document.body);
