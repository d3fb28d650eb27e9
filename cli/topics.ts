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
  filters: async () => `How to say which tasks, for list, today, next, export and views

  +home  -home        tagged home; not tagged home          +a,b  either of them
  project:work        in work and what is below it          project:  in none
  status:doing        todo, doing, done; open for two       pri:high  p1 to p4 (p1 critical)
  due:fri             due on that day                       due:      without a date
  due.before:fri      before that day                       due.by:fri     that day too
  due.after:fri       after that day                        due.from:fri   that day too
  today  overdue      due today; late                       no date, no project, no tags
  /buy milk/  milk    this text in title or note            "due:fri" in quotes is text
  a b   a and b       both; & too                           a or b   either; | too
  not a   !a          not                                   ( )      in groups

  todo list +work due.before:eow
  todo list '(overdue or today) and not +waiting'
  todo list 'project:one,-two | pri:critical' --explain

Dates are those of \`todo help dates\`. Quote what your shell would take for itself: ( ) & | ! # /.
Without a word about the status only open tasks are meant; --all takes the done ones too.
`,
  hooks:
    async () => `Programs of yours that todo calls, in the folder hooks beside its settings (\`todo config path\`)

  before-add   gets the task that is to be added, as JSON on stdin; may print another one on stdout, and refuses it
               by ending with an error, whose first line on stderr is told
  on-add       after adding: the task, as JSON on stdin
  on-change    after edit, start and reopen: the tasks, one a line
  on-done      after done: the tasks, one a line
  on-rm        after rm: the tasks as they were, one a line

A hook has 5 seconds (\`todo config set hooks.timeout_seconds 10\`). What the on-… ones print goes to stderr, and their
failure changes nothing any more. Hooks see TODO_IN_HOOK=1 and start no hooks again.

  #!/bin/sh
  # hooks/on-done: tell the team
  jq -r '"done: " + .title' | while read -r line; do notify "$line"; done
`,
  urgency: async () => {
    const { urgencyHelp } = await import('./urgency-help.ts')
    return urgencyHelp
  },
  output: async () => `What todo prints

  on a terminal       aligned columns, in colour
  in a pipe           one task a line, tab-separated, nothing cut:
                      id, status, priority, due, title, tags, project
  --json              an array (an object where one task is named)
  --json=id,title     only these fields
  --ndjson            one object a line
  --csv               with a header
  -q                  ids only
  --jq EXPR           what this jq expression makes of the JSON; jq need not be installed
  --template TEXT     '{{.id}} {{.title}}' for each item; also {{range}} {{if}} {{with}} and pipes to
                      join, pluck, truncate, upper, lower, len, index, printf, json, eq, lt …

Long answers on a terminal go through TODO_PAGER, PAGER or less; --no-pager prints them at once.

TODO_ACCESSIBLE=1, or \`todo config set accessible true\`, says in sentences what columns, marks and colours say.

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
