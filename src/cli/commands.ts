/** The commands and what they do, in the order of the help. */
export const commandSummaries = [['run', 'Keeps the records in step until it is ended (the default).']] as const satisfies readonly (readonly [string, string])[];
