/** How the page looks: by day and by night, narrow and wide. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --accent: #0b57d0; --bad: #b3261e; --good: #146c2e; }
@media (prefers-color-scheme: dark) { :root { --accent: #a8c7fa; --bad: #f2b8b5; --good: #8fd8a0; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; } h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
.quiet { opacity: .8; } .lines { white-space: pre-line; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .75rem; }
details details { background: var(--soft); }
summary { cursor: pointer; padding: .5rem 0; overflow-wrap: anywhere; }
details[open] { padding-bottom: .75rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; color: var(--accent); }
code, pre, textarea, .path { font-family: ui-monospace, monospace; font-size: .9rem; }
.old .path { text-decoration: line-through; }
label { display: block; margin-top: .75rem; font-weight: 600; }
.hint { display: block; font-weight: 400; opacity: .8; font-size: .9rem; }
input, select, textarea { font: inherit; width: 100%; padding: .35rem .5rem; border: 1px solid var(--line); border-radius: .35rem; }
input[type=checkbox] { width: auto; }
textarea { min-height: 8rem; font-family: ui-monospace, monospace; font-size: .9rem; }
button { font: inherit; margin: .75rem .5rem 0 0; padding: .4rem 1rem; border: 1px solid var(--accent); border-radius: .35rem; color: var(--accent); background: transparent; cursor: pointer; }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre { background: var(--soft); border-radius: .35rem; padding: .75rem; margin: .5rem 0; max-height: 30rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.bad { color: var(--bad); } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: .25rem .5rem .25rem 0; overflow-wrap: anywhere; }
`;
