/** What people type who come from Taskwarrior, dstask, todo.txt or Todoist, behind what it is called here. */
const table: [here: string, there: string][] = [
  ['todo add TEXT', 'a addto create quick'],
  ['todo edit 3 pri:high', 'pri p'],
  ['todo edit 3 pri:', 'depri'],
  ['todo edit 3 NEW TITLE', 'append app prepend replace rename'],
  ['todo edit 3 due:fri', 'due update'],
  ['todo edit 3 --note TEXT', 'annotate note'],
  ['todo edit 3 --note ""', 'denotate'],
  ['todo edit 3 -tag', 'untag'],
  ['todo show 3', 'info information open'],
  ['todo done 3', 'close resolve check finish'],
  ['todo reopen 3', 'stop uncomplete unstart undone'],
  ['todo rm 3', 'del purge'],
  ['todo list -q | wc -l', 'count'],
  ['todo list --all', 'all listall lsa'],
  ['todo list --sort priority', 'lsp listpri'],
  ['todo list status:done', 'completed'],
  ['todo list +tag', 'tagged'],
  ['todo list overdue', 'overdue'],
  ['todo list no project', 'inbox'],
  ['todo project list', 'projects lsprj listproj show-projects summary'],
  ['todo tag list', 'tags labels contexts lsc show-tags listcon listtags'],
  ['todo stats', 'burndown report'],
  ['todo log', 'history timesheet'],
  ['todo calendar', 'upcoming'],
  ['todo today', 'agenda'],
  ['todo board', 'kanban ui tui'],
  ['todo config list', 'settings'],
  ['todo --version', 'version'],
  ['todo export > backup.json', 'backup'],
]

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
  const row = table.find(([, there]) => there.split(' ').includes(word))
  return row && `Here it is \`${row[0]}\`.`
}

/** A filter behind `context`, as dstask and Taskwarrior have it. */
export const isFocusWord = (word: string): boolean => /^[+@-]\p{L}|^[a-z.]+:|^none$/u.test(word)
