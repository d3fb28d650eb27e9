import { removeShortcut } from '../../remove-shortcut.ts'

export const rm = removeShortcut('views', 'view', [['todo view rm work', 'forget the view']])
