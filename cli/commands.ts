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
  daemon: {
    summary: 'The local service: start, stop, status, logs',
    noun: async () => (await import('./commands/daemon/index.ts')).daemon,
  },
  config: {
    summary: 'Settings: list, get, set, path',
    noun: async () => (await import('./commands/config/index.ts')).config,
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
