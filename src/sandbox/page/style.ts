export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: #17803d; --bad: #b3261e; --busy: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --good: #6bd08c; --bad: #ff9d96; --busy: #f2c063; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
#summary { margin: 0; }
#summary.lost { color: var(--bad); }
input { font: inherit; padding: 0.4rem; width: 100%; max-width: 20rem; display: block; margin-bottom: 0.5rem; }
details { border-top: 1px solid var(--line); }
summary { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.6rem 0.25rem; cursor: pointer; }
summary .number { font-weight: 600; min-width: 4rem; }
summary .name { flex: 1; min-width: 8rem; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid #2a6fdb; outline-offset: 2px; }
.live { color: var(--good); }
.bad { color: var(--bad); }
.busy { color: var(--busy); }
pre { overflow: auto; max-height: 24rem; border: 1px solid var(--line); padding: 0.5rem; font-size: 0.85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
td:last-child { overflow-wrap: anywhere; min-width: 14rem; }
`;
