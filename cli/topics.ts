/** Help that belongs to no single command, by the word after `todo help`. */
export const topics: Record<string, () => Promise<string>> = {
  'exit-codes': async () => `What todo answers to the shell

  0    done, or it was so already; an empty list too
  1    failed, also when only some of many failed
  2    the command line or a value is wrong; nothing was changed
  3    not found
  4    not signed in, or not allowed
  5    conflict: changed meanwhile, or a title that fits several tasks
  6    the service cannot be reached or asks to wait
  130  interrupted

With --json an error is one object on stderr: {code, message, hint, field}.
`,
  output: async () => `What todo prints

  on a terminal       aligned columns, in colour
  in a pipe           one task a line, tab-separated, nothing cut:
                      id, status, priority, due, title, tags, project
  --json              an array (an object where one task is named)
  --json=id,title     only these fields
  --ndjson            one object a line
  --csv               with a header
  -q                  ids only

stdout is the answer and nothing else; the rest goes to stderr. Colour: --no-color, then NO_COLOR,
CLICOLOR_FORCE or FORCE_COLOR, CLICOLOR=0 or TERM=dumb, then whether it is a terminal. Control characters
in titles are shown escaped; json and csv keep them.
`,
  dates: async () => {
    const { dateForms } = await import('./dates/forms.ts')
    const width = Math.max(...dateForms.map(({ form }) => form.length))
    const rows = dateForms.map(({ form, meaning }) => `  ${form.padEnd(width)}  ${meaning}`)
    return `How to say when, for --due and due:\n\n${rows.join('\n')}\n`
  },
}
