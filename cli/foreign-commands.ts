/** What people type who come from Taskwarrior, dstask, todo.txt or Todoist, and what it is called here. */
const answers: Record<string, string> = {
  ...{ a: '`todo add TEXT`', addto: '`todo add TEXT`', create: '`todo add TEXT`' },
  ...{ pri: '`todo edit 3 pri:high`', p: '`todo edit 3 pri:high`', depri: '`todo edit 3 pri:`' },
  ...{
    append: '`todo edit 3 NEW TITLE`',
    app: '`todo edit 3 NEW TITLE`',
    prepend: '`todo edit 3 NEW TITLE`',
  },
  ...{
    replace: '`todo edit 3 NEW TITLE`',
    rename: '`todo edit 3 NEW TITLE`',
    update: '`todo edit 3 due:fri`',
  },
  ...{
    annotate: '`todo edit 3 --note TEXT`',
    note: '`todo edit 3 --note TEXT`',
    denotate: '`todo edit 3 --note ""`',
  },
  ...{ tagged: '`todo list +tag`', untag: '`todo edit 3 -tag`', due: '`todo edit 3 due:fri`' },
  ...{ info: '`todo show 3`', information: '`todo show 3`', open: '`todo show 3`' },
  ...{ close: '`todo done 3`', resolve: '`todo done 3`', check: '`todo done 3`', finish: '`todo done 3`' },
  ...{
    stop: '`todo reopen 3`',
    uncomplete: '`todo reopen 3`',
    unstart: '`todo reopen 3`',
    undone: '`todo reopen 3`',
  },
  ...{ del: '`todo rm 3`', purge: '`todo rm 3`' },
  ...{
    count: '`todo list -q | wc -l`',
    all: '`todo list --all`',
    listall: '`todo list --all`',
    lsa: '`todo list --all`',
  },
  ...{
    lsp: '`todo list --sort priority`',
    listpri: '`todo list --sort priority`',
    completed: '`todo list status:done`',
  },
  ...{ projects: '`todo project list`', lsprj: '`todo project list`', listproj: '`todo project list`' },
  ...{ 'show-projects': '`todo project list`', summary: '`todo project list`' },
  ...{
    tags: '`todo tag list`',
    labels: '`todo tag list`',
    contexts: '`todo tag list`',
    lsc: '`todo tag list`',
  },
  ...{ 'show-tags': '`todo tag list`', listcon: '`todo tag list`', listtags: '`todo tag list`' },
  ...{ burndown: '`todo stats`', history: '`todo log`', report: '`todo stats`', timesheet: '`todo log`' },
  ...{
    overdue: '`todo list overdue`',
    inbox: '`todo list no project`',
    upcoming: '`todo calendar`',
    agenda: '`todo today`',
  },
  ...{ kanban: '`todo board`', ui: '`todo board`', tui: '`todo board`', quick: '`todo add TEXT`' },
  ...{ version: '`todo --version`' },
  ...{ settings: '`todo config list`', backup: '`todo export > backup.json`' },
}

const sentences: Record<string, string> = {
  sync: 'There is nothing to sync: every change is stored at once.',
  synchronize: 'There is nothing to sync: every change is stored at once.',
  archive: 'Done tasks are out of the way by themselves; `todo list --all` shows them.',
  gc: 'There is nothing to clean up.',
}

/** One line about a word that is no command here but is one elsewhere; `words` are the others of the line. */
export function foreignHint(word: string, words: string[]): string | undefined {
  if (/^[+-]?[\p{L}.]+:|^[+-]\p{L}/u.test(word))
    return `To change it: \`todo edit ${[...words, word].join(' ')}\`.`
  if (Object.hasOwn(sentences, word)) return sentences[word]
  return Object.hasOwn(answers, word) ? `Here it is ${answers[word]}.` : undefined
}

/** A filter behind `context`, as dstask and Taskwarrior have it. */
export const isFocusWord = (word: string): boolean => /^[+@-]\p{L}|^[a-z.]+:|^none$/u.test(word)
