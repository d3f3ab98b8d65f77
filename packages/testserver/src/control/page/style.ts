/** How the page looks: by day and by night, narrow and wide. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --accent: #0b57d0; --bad: #b3261e; --good: #146c2e; --quiet: #555; }
@media (prefers-color-scheme: dark) { :root { --accent: #a8c7fa; --bad: #f2b8b5; --good: #8fd8a0; --quiet: #bbb; } }
* { box-sizing: border-box; }
body { font: 1rem/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; padding: 1rem; }
h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 1.5rem 0 .5rem; font-size: 1.15rem; } h3 { display: inline; margin: 0; font-size: 1rem; }
p { margin: .25rem 0; } a { color: var(--accent); } nav { display: flex; flex-wrap: wrap; gap: .25rem .75rem; }
#state::before { content: "●"; margin-right: .4rem; } #state.good { color: var(--good); } #state.bad, .bad { color: var(--bad); }
#offset, .quiet { color: var(--quiet); }
main, aside { min-width: 0; }
@media (min-width: 64rem) {
  .columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; }
  aside { position: sticky; top: 0; height: 100vh; overflow: auto; padding-right: .25rem; }
}
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .75rem; }
details[open] { padding-bottom: .5rem; }
summary { cursor: pointer; padding: .4rem 0; }
code, time, #traffic { font-family: ui-monospace, monospace; font-size: .875rem; }
article { border-top: 1px solid var(--line); padding: .5rem 0; }
article h4 { display: inline; margin: 0 .5rem 0 0; font-size: 1rem; overflow-wrap: anywhere; }
article p, li { overflow-wrap: anywhere; }
.copied { display: flex; gap: .5rem; align-items: start; justify-content: space-between; background: var(--soft); border-radius: .35rem; padding: .25rem .25rem .25rem .5rem; margin: .25rem 0; }
.copied code { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; padding: .2rem 0; }
label { font-weight: 600; } label .quiet { font-weight: 400; } form { margin: .5rem 0; } #fault-add label { display: block; margin-top: .5rem; }
input, select, button { font: inherit; max-width: 100%; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: .35rem; }
#filter, #fault-add select, #fault-add input { width: 100%; } #clock-amount { width: 6rem; }
button { border-color: var(--accent); color: var(--accent); background: transparent; cursor: pointer; }
button[aria-pressed=true] { background: var(--accent); color: Canvas; }
.small { font-size: .8rem; padding: .1rem .5rem; flex: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul, ol { list-style: none; margin: .5rem 0; padding: 0; }
#faults li { display: flex; gap: .5rem; justify-content: space-between; align-items: start; border-top: 1px solid var(--line); padding: .35rem 0; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; } .tools select { flex: 1; min-width: 8rem; }
#traffic-log { height: 24rem; overflow: auto; border: 1px solid var(--line); border-radius: .35rem; padding: .25rem .5rem; }
#traffic { margin: 0; }
#traffic li { border-bottom: 1px solid var(--line); padding: .15rem 0; }
#traffic .service { color: var(--accent); margin: 0 .5rem; }
[hidden] { display: none !important; }
`;
