import { removeShortcut } from '../../remove-shortcut.ts'

export const rm = removeShortcut('aliases', 'alias', [['todo alias rm in', 'forget the alias']])
