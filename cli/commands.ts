import type { Entry } from './command.ts'

/**
 * Every command in the order of the help, each loaded only when it is called: a start pays for one verb. The path is
 * the name: `todo tag add` is `commands/tag/add.ts`.
 */
export const commands: Record<string, Entry> = {
  add: { summary: 'Add a task', load: async () => (await import('./commands/add.ts')).add },
  list: {
    summary: 'List open tasks, filtered and sorted',
    load: async () => (await import('./commands/list.ts')).list,
  },
  show: {
    summary: 'Show everything about a task',
    load: async () => (await import('./commands/show.ts')).show,
  },
  edit: { summary: 'Change tasks', load: async () => (await import('./commands/edit.ts')).edit },
  start: {
    summary: 'Mark tasks as being done',
    load: async () => (await import('./commands/start.ts')).start,
  },
  done: { summary: 'Complete tasks', load: async () => (await import('./commands/done.ts')).done },
  reopen: {
    summary: 'Take completion back',
    load: async () => (await import('./commands/reopen.ts')).reopen,
  },
  rm: { summary: 'Delete tasks', load: async () => (await import('./commands/rm.ts')).rm },
  undo: {
    summary: 'Take the last changes back',
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  redo: {
    summary: 'Bring undone changes again',
    load: async () => (await import('./commands/redo.ts')).redo,
  },
  log: { summary: 'What happened', load: async () => (await import('./commands/log.ts')).log },
  watch: {
    summary: 'Follow changes as they happen',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  board: {
    summary: 'The tasks on a live board',
    load: async () => (await import('./commands/board.ts')).board,
  },
  today: {
    summary: 'What is late or due today',
    load: async () => (await import('./commands/today.ts')).today,
  },
  next: { summary: 'The most urgent tasks', load: async () => (await import('./commands/next.ts')).next },
  search: { summary: 'Find tasks by text', load: async () => (await import('./commands/search.ts')).search },
  recur: {
    summary: 'Recurring tasks: list, add, show, edit, pause, resume, skip, rm, preview',
    noun: async () => (await import('./commands/recur/index.ts')).recur,
  },
  calendar: {
    summary: 'The coming weeks: tasks and what recurs',
    load: async () => (await import('./commands/calendar.ts')).calendar,
  },
  tag: {
    summary: 'Tags: list, add, rename, rm',
    noun: async () => (await import('./commands/tag/index.ts')).tag,
  },
  priority: {
    summary: 'Priorities: list',
    noun: async () => (await import('./commands/priority/index.ts')).priority,
  },
  channel: {
    summary: 'Where notifications go: list, add, edit, rm, test',
    noun: async () => (await import('./commands/channel/index.ts')).channel,
  },
  notify: {
    summary: 'Notifications: log, replay, preferences, quiet',
    noun: async () => (await import('./commands/notify/index.ts')).notify,
  },
  login: {
    summary: 'Sign in to a server',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: { summary: 'Sign out', load: async () => (await import('./commands/logout.ts')).logout },
  whoami: {
    summary: 'Show who you are and where',
    load: async () => (await import('./commands/whoami.ts')).whoami,
  },
  context: {
    summary: 'The servers you work with: list, use, add, rm',
    noun: async () => (await import('./commands/context/index.ts')).context,
  },
  token: {
    summary: 'API tokens for scripts: list, add, rm',
    noun: async () => (await import('./commands/token/index.ts')).token,
  },
  serve: {
    summary: 'Serve a small team from this machine',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  daemon: {
    summary: 'The local service: start, stop, status, logs',
    noun: async () => (await import('./commands/daemon/index.ts')).daemon,
  },
  config: {
    summary: 'Settings: list, get, set, path',
    noun: async () => (await import('./commands/config/index.ts')).config,
  },
  project: {
    summary: 'Projects: list',
    noun: async () => (await import('./commands/project/index.ts')).project,
  },
  view: {
    summary: 'Saved filters: list, save, rm; `todo NAME` shows one',
    noun: async () => (await import('./commands/view/index.ts')).view,
  },
  alias: {
    summary: 'Own commands: list, set, rm',
    noun: async () => (await import('./commands/alias/index.ts')).alias,
  },
  focus: {
    summary: 'Work on a part only: filters lists, tags what is added',
    load: async () => (await import('./commands/focus.ts')).focus,
  },
  stats: {
    summary: 'Burndown, throughput, lead and cycle time, ageing',
    load: async () => (await import('./commands/stats.ts')).stats,
  },
  import: {
    summary: 'Import tasks from a file',
    load: async () => (await import('./commands/import.ts')).importVerb,
  },
  export: {
    summary: 'Export tasks: json, csv, todotxt, ical …',
    load: async () => (await import('./commands/export.ts')).exportVerb,
  },
  batch: {
    summary: 'Many commands over one connection',
    load: async () => (await import('./commands/batch.ts')).batch,
  },
  status: {
    summary: 'How client, service and server are',
    load: async () => (await import('./commands/status.ts')).status,
  },
  completion: {
    summary: 'Completions for bash, zsh and fish',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  doctor: {
    summary: 'Check that everything works',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  help: {
    summary: 'Help on a command or a topic',
    load: async () => (await import('./commands/help.ts')).help,
  },
}

/** What people type who come from other tools. */
export const aliases: Record<string, string> = {
  ls: 'list',
  do: 'done',
  complete: 'done',
  delete: 'rm',
  remove: 'rm',
  modify: 'edit',
  mod: 'edit',
  new: 'add',
}
