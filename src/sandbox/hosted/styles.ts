/** The only style of the hosted page: light and dark, wide and narrow, no script. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --ground: #f3f1ec; --card: #ffffff; --ink: #17211d; --quiet: #59655f; --line: #e3e0d8;
  --accent: #0b6b55; --accent-strong: #085443; --on-accent: #ffffff; --tint: #e7f3ee;
  --warn: #9a3412; --warn-tint: #fdf0e6; --focus: #1d4ed8;
  --shadow: 0 1px 2px rgb(23 33 29 / .05), 0 18px 44px -18px rgb(23 33 29 / .2);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1311; --card: #171e1b; --ink: #eef3f0; --quiet: #a3b0aa; --line: #2b3531;
    --accent: #6fdcb9; --accent-strong: #93e8cd; --on-accent: #06251c; --tint: #1b2f28;
    --warn: #fdba74; --warn-tint: #33241a; --focus: #93c5fd;
    --shadow: 0 1px 2px rgb(0 0 0 / .4);
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh;
  display: flex; flex-direction: column; align-items: center;
  padding: clamp(1rem, 4vw, 3rem) 1rem 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  -webkit-font-smoothing: antialiased;
}
.column { width: 100%; max-width: 27.5rem; }
header { display: flex; align-items: center; justify-content: space-between; margin: 0 .25rem 1.25rem; }
.brand { display: flex; align-items: center; gap: .5rem; font-weight: 700; font-size: 1.125rem; letter-spacing: -.02em; }
.brand svg { width: 1.625rem; height: 1.625rem; }
.chip {
  padding: .1875rem .625rem; border: 1px solid var(--line); border-radius: 99rem;
  color: var(--quiet); font-size: .75rem; font-weight: 600; letter-spacing: .01em;
}
.banner {
  margin: 0 0 1rem; padding: .75rem 1rem; border-radius: .875rem;
  background: var(--warn-tint); color: var(--warn); font-size: .875rem; font-weight: 500;
}
.card { padding: clamp(1.5rem, 6vw, 2.25rem); border-radius: 1.5rem; background: var(--card); box-shadow: var(--shadow); border: 1px solid var(--line); }
.pair { display: flex; align-items: center; margin-bottom: 1.5rem; }
.pair > * { flex: none; }
.avatar { display: grid; place-items: center; width: 3.25rem; height: 3.25rem; border-radius: 1rem; font-weight: 700; font-size: 1.25rem; }
.avatar.partner { background: var(--tint); color: var(--accent); }
.avatar.benji { background: var(--accent); color: var(--on-accent); }
.avatar svg { width: 1.75rem; height: 1.75rem; }
.link { width: 2.25rem; border-top: 2px dotted var(--quiet); opacity: .55; margin: 0 .375rem; }
h1 { margin: 0 0 .5rem; font-size: clamp(1.5rem, 6vw, 1.75rem); line-height: 1.15; letter-spacing: -.03em; text-wrap: balance; overflow-wrap: anywhere; }
.lead { margin: 0; color: var(--quiet); text-wrap: pretty; overflow-wrap: anywhere; }
.lead strong { color: var(--ink); font-weight: 600; }
.steps { list-style: none; margin: 1.5rem 0 0; padding: 0; display: grid; gap: .75rem; }
.steps li { display: grid; grid-template-columns: 1.25rem 1fr; gap: .75rem; font-size: .9375rem; }
.steps svg { width: 1.25rem; height: 1.25rem; margin-top: .125rem; color: var(--accent); }
.amount { margin-top: 1.5rem; padding: 1rem 1.125rem; border-radius: 1rem; background: var(--tint); }
.amount label, .amount .label { display: block; color: var(--quiet); font-size: .8125rem; font-weight: 600; }
.amount .value { display: flex; align-items: baseline; gap: .5rem; font-size: .9375rem; color: var(--quiet); }
.amount strong, .amount input { font: inherit; font-size: 2rem; line-height: 1.25; font-weight: 700; letter-spacing: -.03em; color: var(--ink); font-variant-numeric: tabular-nums; }
.amount strong { overflow-wrap: anywhere; }
.amount input { flex: 1; width: 100%; min-width: 0; margin: .375rem 0 .125rem; padding: .25rem .75rem; border: 1px solid var(--quiet); border-radius: .75rem; background: var(--card); appearance: textfield; }
.amount input::-webkit-inner-spin-button { display: none; }
.amount .hint { margin: .25rem 0 0; color: var(--quiet); font-size: .8125rem; }
button { font: inherit; cursor: pointer; }
button:disabled { cursor: not-allowed; opacity: .55; }
.primary {
  display: block; width: 100%; margin-top: 1.75rem; padding: .875rem 1.25rem; border: 0; border-radius: .875rem;
  background: var(--accent); color: var(--on-accent); font-weight: 650;
  transition: background .15s, transform .15s;
}
.primary:not(:disabled):hover { background: var(--accent-strong); }
.primary:not(:disabled):active { transform: translateY(1px); }
.exits { display: flex; flex-wrap: wrap; justify-content: center; gap: .25rem .5rem; margin-top: .75rem; }
.quiet { min-height: 2.75rem; padding: .375rem .75rem; border: 0; border-radius: .75rem; background: none; color: var(--quiet); font-size: .875rem; font-weight: 550; }
.quiet:not(:disabled):hover { background: var(--tint); color: var(--ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
details { margin-top: 1rem; border: 1px dashed var(--line); border-color: color-mix(in srgb, var(--quiet) 45%, transparent); border-radius: 1.125rem; }
summary { display: flex; align-items: center; justify-content: space-between; gap: .5rem; padding: .875rem 1.125rem; border-radius: 1.125rem; font-size: .875rem; font-weight: 600; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .chosen { color: var(--quiet); font-weight: 500; }
summary svg { flex: none; width: 1rem; height: 1rem; margin-left: auto; color: var(--quiet); transition: transform .15s; }
details[open] summary svg { transform: rotate(180deg); }
fieldset { margin: 0; padding: 0 .5rem .625rem; border: 0; min-width: 0; }
legend { padding: 0 .625rem .375rem; color: var(--quiet); font-size: .8125rem; }
.choice { display: grid; grid-template-columns: 1.125rem 1fr; gap: 0 .75rem; align-items: start; padding: .5rem .625rem; border-radius: .75rem; cursor: pointer; }
.choice:hover, .choice:has(:checked) { background: var(--tint); }
.choice input { width: 1.125rem; height: 1.125rem; margin: .1875rem 0 0; accent-color: var(--accent); }
.choice b { display: block; font-size: .9375rem; font-weight: 550; }
.choice small { display: block; color: var(--quiet); font-size: .8125rem; line-height: 1.4; }
.mark { display: grid; place-items: center; width: 3.25rem; height: 3.25rem; margin-bottom: 1.5rem; border-radius: 1rem; background: var(--tint); color: var(--accent); }
.mark.bad { background: var(--warn-tint); color: var(--warn); }
.mark svg { width: 1.75rem; height: 1.75rem; }
footer { margin: 1.5rem .25rem 0; color: var(--quiet); font-size: .75rem; line-height: 1.55; text-wrap: pretty; }
footer p { margin: 0 0 .375rem; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
