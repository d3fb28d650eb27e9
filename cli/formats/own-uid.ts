/** The uid that the service gives to a task or template of its own: its user's id with the item's id at the end. */
export const ownUid = (userId: string, id: number, isTemplate: boolean): string =>
  `${userId.slice(0, 14)}8${userId.slice(15, 19)}${isTemplate ? '9' : '8'}${userId.slice(20, 24)}${id.toString(16).padStart(12, '0')}`
