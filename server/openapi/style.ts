/** The look of /docs, light and dark. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881 }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 12rem minmax(0, 60rem); gap: 2rem }
nav { position: sticky; top: 0; align-self: start; padding: 2rem 1rem }
nav ul { list-style: none; margin: 0; padding: 0 }
main { padding: 1rem 1rem 4rem }
h2 { border-bottom: 1px solid var(--line); text-transform: capitalize }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem }
summary { cursor: pointer; overflow-wrap: anywhere }
summary b { display: inline-block; min-width: 4.2em }
.get { color: #0969da } .post { color: #1a7f37 } .put, .patch { color: #9a6700 } .delete { color: #cf222e }
@media (prefers-color-scheme: dark) {
  .get { color: #58a6ff } .post { color: #3fb950 } .put, .patch { color: #d29922 } .delete { color: #f85149 }
  a { color: #58a6ff }
}
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid var(--line); padding: .3rem .6rem; vertical-align: top; overflow-wrap: anywhere }
pre { background: var(--soft); padding: .8rem; overflow: auto; border-radius: 6px }
@media (max-width: 50rem) { body { display: block } nav { position: static; padding: 1rem } }
`
